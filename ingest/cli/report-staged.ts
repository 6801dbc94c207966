import type { JsonObject } from "../../runner/base/json.ts";
import { formatSeconds, plural } from "../../runner/base/text.ts";
import type { Staged } from "../landing/postgres/staging.ts";
import type { Reporter } from "./reporter.ts";

/** Tells what became of the staging table, and gives the same as facts. */
export function reportStaged({ outcome, table, counts, seconds }: Staged, reporter: Reporter): JsonObject {
  const { inserted, updated, deleted, unchanged } = counts;
  const facts = { outcome, table, ...counts, seconds: Math.round(seconds * 1000) / 1000 };
  if (outcome === "loaded") {
    const changes = [
      `${plural(inserted, "row")} new`,
      `${updated} revised`,
      `${deleted} deleted`,
      `${unchanged} as before`,
    ];
    reporter.event(
      "staged",
      `${reporter.paint.green("staged")} ${reporter.paint.bold(table)}: ${changes.join(", ")} in ${formatSeconds(seconds)}`,
      facts,
    );
  }
  return { staging: facts };
}
