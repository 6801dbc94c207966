import { saveManifest } from "../../api/save-artifacts.ts";
import { formatSeconds, plural } from "../../base/text.ts";
import type { CommandContext } from "../command.ts";
import { openFrom } from "../open.ts";
import type { GlobalArgs } from "../options.ts";

export async function runParse(args: GlobalArgs, { effects, disk }: CommandContext): Promise<0> {
  const begin = performance.now();
  const open = await openFrom(args, effects, disk);
  disk?.stop();
  await saveManifest(open, new Map());
  const { nodes, sources } = open.parsed.graph;
  if (!args.quiet) {
    const seconds = formatSeconds((performance.now() - begin) / 1000);
    effects.stdout.write(
      `the project is sound: ${plural(nodes.size, "node")}, ${plural(sources.size, "source")}, in ${seconds}\n`,
    );
  }
  return 0;
}
