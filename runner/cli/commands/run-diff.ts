import { diffNodes, isDifferent } from "../../api/diff/diff-nodes.ts";
import { UsageError } from "../../base/errors.ts";
import type { CommandContext } from "../command.ts";
import { openFrom } from "../open.ts";
import { selectionOf } from "../options.ts";
import { diffMarkdown, diffText } from "../print/diff-lines.ts";
import type { DiffArgs } from "./diff.ts";

export async function runDiff(args: DiffArgs, { effects }: CommandContext): Promise<0 | 1> {
  const { against, all, node } = args;
  if (against === undefined)
    throw new UsageError(
      "ARGUMENT_MISSING",
      "diff needs something to compare with",
      "--against prod, or --against <folder>",
    );
  const select = node === undefined ? args.select : [...args.select, node];
  if (!all && select.length === 0 && args.selector === undefined)
    throw new UsageError(
      "ARGUMENT_MISSING",
      "diff needs a node, --select or --all",
      `models diff my_model --against ${against}`,
    );
  const open = await openFrom(args, effects);
  const found = await diffNodes(open, {
    ...selectionOf({ ...args, select }),
    all: all && select.length === 0,
    against,
    keys: args.key,
    where: args.where,
    examples: args.examples,
    maxRows: args["max-rows"],
  });
  const output = args.output ?? (all ? "markdown" : "text");
  const { name } = open.project.target;
  const text =
    output === "json"
      ? JSON.stringify(found, null, 2)
      : output === "markdown"
        ? diffMarkdown(found, name, against)
        : diffText(found, name, against);
  effects.stdout.write(`${text}\n`);
  return args["exit-code"] && found.some(isDifferent) ? 1 : 0;
}
