import { relative } from "node:path";
import { initProject } from "../../api/init-project.ts";
import type { CommandContext } from "../command.ts";
import type { InitArgs } from "./init.ts";

export function runInit(args: InitArgs, { effects }: CommandContext): 0 {
  const folder = initProject(effects.cwd, args.name);
  if (!args.quiet) {
    const shown = relative(effects.cwd, folder) || ".";
    effects.stdout.write(
      `made a project in ${shown}\n\nnext:\n  cd ${shown}\n  npx models build\n  npx models docs generate\n`,
    );
  }
  return 0;
}
