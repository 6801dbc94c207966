import { existsSync, readdirSync, rmSync } from "node:fs";
import { UsageError } from "../../base/errors.ts";
import { diskError, resolveInside } from "../../base/files.ts";
import { findProject } from "../../project/find-project.ts";
import type { CommandContext } from "../command.ts";
import type { GlobalArgs } from "../options.ts";

/** What Statloom writes there. A folder that holds anything else was not made by it, and is left alone. */
const OURS = new Set([
  "manifest.json",
  "run_results.json",
  "catalog.json",
  "sources.json",
  "columns.json",
  "parsed",
  "docs_facts.json",
  "portable.json",
  "run_journal.ndjson",
  "gl-code-quality.json",
  "compiled",
  "run",
  "docs",
]);

/** Works on a broken project too: it reads none of its files. */
export function runClean(args: GlobalArgs, { effects }: CommandContext): 0 {
  const root = findProject(effects.cwd, args["project-dir"]);
  const path = args["target-path"] ?? "target";
  const folder = resolveInside(root, path);
  if (folder === undefined || folder === root)
    throw new UsageError("PATH_OUTSIDE", `"${path}" is not a folder inside the project`);
  if (existsSync(folder)) {
    const foreign = readdirSync(folder).filter((name) => !OURS.has(name) && !name.endsWith(".tmp"));
    if (foreign.length > 0) {
      throw new UsageError(
        "FOLDER_FOREIGN",
        `${path} holds what Statloom did not make: ${foreign.slice(0, 3).join(", ")}`,
        "move it elsewhere, or remove the folder yourself",
      );
    }
    try {
      rmSync(folder, { recursive: true });
    } catch (error) {
      throw diskError(`cannot remove ${path}`, error);
    }
  }
  if (!args.quiet) effects.stdout.write(`${path} is clean\n`);
  return 0;
}
