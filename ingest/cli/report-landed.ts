import { OperationError } from "../../runner/base/errors.ts";
import type { JsonObject } from "../../runner/base/json.ts";
import { formatSeconds, plural, printable } from "../../runner/base/text.ts";
import { landingName } from "../../runner/project/landing.ts";
import type { Landed } from "../landing/land.ts";
import type { Identity } from "../publishers/identify.ts";
import type { Reporter } from "./reporter.ts";

/** Tells what became of an edition, and gives the same as facts. */
export function reportLanded(
  landed: Landed,
  { publisher, dataset, source }: Identity & { readonly source: string },
  label: string | null,
  reporter: Reporter,
): JsonObject {
  const { vintage, outcome, seconds } = landed;
  const { rows, numbers, texts, statuses, rejected } = vintage;
  const counts = { rows, numbers, texts, statuses, rejected };
  const name = `${landingName("publisher", publisher)}/${landingName("dataset", dataset)}`;
  const facts: JsonObject = {
    document: source,
    publisher: landingName("publisher", publisher),
    dataset: landingName("dataset", dataset),
    outcome,
    vintage: vintage.vintage,
    batch_id: vintage.batch_id,
    label,
    ...counts,
    seconds: Math.round(seconds * 1000) / 1000,
    ...("drift" in landed && { drift: landed.drift.map((finding) => ({ ...finding })) }),
  };
  const where = `${reporter.paint.bold(name)} ${vintage.vintage}`;
  if (landed.outcome === "held") {
    reporter.error(heldError(name, landed), source);
  } else if (landed.outcome !== "unchanged") {
    reporter.event(
      outcome,
      `${reporter.paint.green("landed")} ${where}: ${countsText(counts)} in ${formatSeconds(seconds)}`,
      facts,
    );
    if (label?.startsWith("SYNTHETIC"))
      reporter.event("note", `       ${printable(label)}`, { message: label });
    for (const { message, kind } of landed.drift)
      reporter.warn(`${name} ${vintage.vintage}: ${printable(message)}`, { kind });
    if (rows === 0) reporter.warn(`${name} holds no observation`);
    if (rejected > 0)
      reporter.warn(
        `${plural(rejected, "cell")} of ${name} could not be landed: see rejected.ndjson of the vintage`,
      );
  } else {
    const why = landed.same === "document" ? "the same document" : "the same rows";
    reporter.event(
      outcome,
      `${reporter.paint.dim("same")}   ${where}: ${why} already landed, nothing to do`,
      facts,
    );
  }
  return facts;
}

/** Every reason at once, those that only warn among them. */
function heldError(name: string, { vintage, drift }: Extract<Landed, { drift: unknown }>): OperationError {
  const reasons = drift.map(({ action, message }) => `    ${action}: ${message}`);
  return new OperationError(
    "DRIFT",
    `${name} ${vintage.vintage} changed too much and is kept aside, the edition before stays current:\n${reasons.join("\n")}`,
    {
      hint: `if it is meant: ingest accept ${name} ${vintage.vintage}, if not: the same with --discard; what may change is said under "drift" in sql_project.yaml`,
    },
  );
}

function countsText(counts: Readonly<Record<string, number>>): string {
  const { rows = 0, numbers = 0, texts = 0, statuses = 0, rejected = 0 } = counts;
  const parts = [plural(rows, "row"), plural(numbers, "number")];
  if (texts > 0) parts.push(plural(texts, "text"));
  parts.push(plural(statuses, "status", "statuses"), `${rejected.toLocaleString("en-US")} rejected`);
  return parts.join(", ");
}
