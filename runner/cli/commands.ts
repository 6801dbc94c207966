import type { Command } from "./command.ts";
import { buildCommands } from "./commands/build.ts";
import { clean } from "./commands/clean.ts";
import { clone } from "./commands/clone.ts";
import { completion } from "./commands/completion.ts";
import { compile } from "./commands/compile.ts";
import { debug } from "./commands/debug.ts";
import { deps } from "./commands/deps.ts";
import { diff } from "./commands/diff.ts";
import { docsGenerate } from "./commands/docs-generate.ts";
import { docsServe } from "./commands/docs-serve.ts";
import { freshnessCommands } from "./commands/freshness.ts";
import { explain } from "./commands/explain.ts";
import { generateTypes } from "./commands/generate-types.ts";
import { init } from "./commands/init.ts";
import { lineage } from "./commands/lineage.ts";
import { ls } from "./commands/ls.ts";
import { parse } from "./commands/parse.ts";
import { operation } from "./commands/run-operation.ts";
import { retry } from "./commands/retry.ts";
import { profile } from "./commands/profile.ts";
import { show } from "./commands/show.ts";
import { watch } from "./commands/watch.ts";

/** Every command, in the order in which help lists them. Declarations only: bodies load when they run. */
export const commands: readonly Command<never>[] = [
  init,
  debug,
  deps,
  parse,
  compile,
  ...buildCommands,
  retry,
  clone,
  watch,
  explain,
  diff,
  ls,
  lineage,
  show,
  profile,
  operation,
  ...freshnessCommands,
  docsGenerate,
  docsServe,
  generateTypes,
  clean,
  completion,
];
