import { listPackages } from "../../api/list-packages.ts";
import { formatTable } from "../../base/text.ts";
import type { CommandContext } from "../command.ts";
import { openFrom } from "../open.ts";
import type { DepsArgs } from "./deps.ts";

export async function runDeps(args: DepsArgs, { effects }: CommandContext): Promise<0> {
  const packages = listPackages(await openFrom(args, effects));
  if (args.output === "json") effects.stdout.write(`${JSON.stringify(packages)}\n`);
  else if (packages.length === 0) effects.stdout.write("the project uses no packages\n");
  else {
    const rows = packages.map((one) => [one.name, one.version, one.source, one.path, one.nodes, one.macros]);
    effects.stdout.write(
      `${formatTable(["package", "version", "source", "path", "nodes", "macros"], rows)}\n`,
    );
  }
  return 0;
}
