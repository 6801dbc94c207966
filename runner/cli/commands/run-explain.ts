import { explainChanges } from "../../api/explain-changes.ts";
import type { Explanation } from "../../api/explain-changes.ts";
import { UsageError } from "../../base/errors.ts";
import { paintFor } from "../../base/paint.ts";
import type { Paint } from "../../base/paint.ts";
import { printable } from "../../base/text.ts";
import { reasonText } from "../../plan/changed/decide.ts";
import type { CommandContext } from "../command.ts";
import { openFrom } from "../open.ts";
import { selectionOf } from "../options.ts";
import { warn } from "../print/warn.ts";
import type { ExplainArgs } from "./explain.ts";
import { nameWithVersion } from "../../graph/versions.ts";

export async function runExplain(args: ExplainArgs, { effects }: CommandContext): Promise<0> {
  if (args.node === undefined && args.select.length === 0 && args.selector === undefined) {
    throw new UsageError("ARGUMENT_MISSING", "explain needs a node", "models explain my_model");
  }
  const select = args.node === undefined ? args.select : [...args.select, args.node];
  const open = await openFrom(args, effects);
  const found = await explainChanges(open, selectionOf({ ...args, select }), (event) => {
    if (event.kind === "warning") warn(effects, [event], args);
  });
  if (found.length === 0) {
    throw new UsageError(
      "SELECTION_EMPTY",
      `"${select.join(" ")}" selects nothing that is built`,
      "models ls lists what there is; ephemeral models are built into those that use them",
    );
  }
  if (args.output === "json") {
    const facts = found.map(({ node, reasons, last }) => ({
      unique_id: node.uniqueId,
      builds: reasons.length > 0,
      reasons: reasons.map((reason) => ({ ...reason, text: reasonText(reason) })),
      last_built_at: last?.sql ? new Date(last.builtAt).toISOString() : null,
      inputs: last?.inputs ?? {},
    }));
    effects.stdout.write(`${JSON.stringify(facts, null, 2)}\n`);
  } else {
    const paint = paintFor(effects, effects.stdout);
    effects.stdout.write(`${found.map((one) => textOf(one, paint)).join("\n")}\n`);
  }
  return 0;
}

function textOf({ node, reasons, last }: Explanation, paint: Paint): string {
  const kind = node.resourceType === "model" ? node.config.materialized : node.resourceType;
  const name = `${paint.bold(printable(nameWithVersion(node)))} (${kind})`;
  const before = last?.sql ? `, last built ${new Date(last.builtAt).toISOString()}` : "";
  if (reasons.length === 0) return `${name} would be reused: nothing it is made of has changed${before}`;
  return `${name} would be built${before}:\n${reasons.map((reason) => `  - ${reasonText(reason)}`).join("\n")}`;
}
