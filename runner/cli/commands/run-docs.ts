import { existsSync } from "node:fs";
import { join } from "node:path";
import { generateDocs } from "../../api/generate-docs.ts";
import { UsageError } from "../../base/errors.ts";
import { resolveInside } from "../../base/files.ts";
import { serve } from "../../docs/serve.ts";
import { findProject } from "../../project/find-project.ts";
import type { CommandContext } from "../command.ts";
import { openFrom } from "../open.ts";
import type { GlobalArgs } from "../options.ts";
import type { ServeArgs } from "./docs-serve.ts";

export async function runDocsGenerate(args: GlobalArgs, { effects }: CommandContext): Promise<0> {
  const page = await generateDocs(await openFrom(args, effects));
  if (!args.quiet) effects.stdout.write(`wrote ${page}\nopen it in a browser, or: models docs serve\n`);
  return 0;
}

/** Serves until it is stopped. */
export async function runDocsServe(args: ServeArgs, { effects, signal }: CommandContext): Promise<0> {
  const root = findProject(effects.cwd, args["project-dir"]);
  const target = resolveInside(root, args["target-path"] ?? "target");
  const folder = target === undefined ? undefined : join(target, "docs");
  if (folder === undefined || !existsSync(folder)) {
    throw new UsageError("DOCS_MISSING", "there is no site yet", "write it first: models docs generate");
  }
  const served = await serve(folder, { port: args.port, host: args.host });
  effects.stdout.write(`serving ${served.url}  (Ctrl-C stops)\n`);
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await served.close();
  return 0;
}
