import { nameOfId } from "../../graph/node-by-id.ts";
import { compileProject } from "../../api/compile-project.ts";
import { compileInline } from "../../api/show-rows.ts";
import { throwProblems } from "../../base/errors.ts";
import { plural } from "../../base/text.ts";
import type { CommandContext } from "../command.ts";
import { openFrom } from "../open.ts";
import { selectionOf } from "../options.ts";
import { warn } from "../print/warn.ts";
import type { CompileArgs } from "./compile.ts";

export async function runCompile(args: CompileArgs, { effects, disk }: CommandContext): Promise<0> {
  const open = await openFrom(args, effects, disk);
  if (args.inline !== undefined) {
    print("inline", (await compileInline(open, args.inline)).compiledCode);
    return 0;
  }
  const { compiled, warnings } = await compileProject(open, selectionOf(args));
  if (args.columns) {
    // It loads DuckDB, which takes 0.1 s that a compilation does without.
    const { checkColumns } = await import("../../api/columns/check-columns.ts");
    throwProblems(await checkColumns(open, compiled.keys()));
  }
  warn(effects, warnings, args);
  const [only, ...others] = compiled;
  // One node was asked for: whoever asks for one wants to read it.
  if (only && others.length === 0 && args.select.length > 0)
    print(nameOfId(open.parsed.graph, only[0]), only[1].compiledCode);
  else if (args.output === "json") {
    effects.stdout.write(
      `${JSON.stringify(Object.fromEntries([...compiled].map(([id, { compiledCode }]) => [id, compiledCode])), null, 2)}\n`,
    );
  } else if (!args.quiet)
    effects.stdout.write(`compiled ${plural(compiled.size, "node")} into ${open.targetPath}/compiled\n`);
  return 0;

  function print(node: string, sql: string): void {
    effects.stdout.write(
      args.output === "json" ? `${JSON.stringify({ node, compiled: sql }, null, 2)}\n` : `${sql}\n`,
    );
  }
}
