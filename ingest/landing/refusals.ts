import { OperationError } from "../../runner/base/errors.ts";
import { plural, printable } from "../../runner/base/text.ts";
import type { Vintage } from "../../runner/project/landing.ts";
import type { RejectedLog } from "./rejected-log.ts";
import { vintagesOnDisk } from "./vintage-folder.ts";

/** At most a share of all cells, where `max` is below 1, or a count. */
export function checkRejected(rejected: RejectedLog, rows: number, max: number): void {
  const count = rejected.count();
  if (count <= (max < 1 ? max * (rows + count) : max)) return;
  const allowed = max < 1 ? `${max * 100} % of them` : String(max);
  const reasons = rejected.examples().map((cell) => `    ${printable(JSON.stringify(cell))}`);
  throw new OperationError(
    "REJECTED_TOO_MANY",
    `${plural(count, "cell")} of ${(rows + count).toLocaleString("en-US")} could not be landed, at most ${allowed} may be rejected; the first:\n${reasons.join("\n")}`,
    { hint: "nothing has landed; if these can be spared, raise max_rejected" },
  );
}

export function checkEmpty(before: Vintage | undefined): void {
  if (before === undefined || before.rows === 0) return;
  throw new OperationError(
    "EDITION_EMPTY",
    `the document holds no observation, but the edition before it, ${before.vintage}, holds ${plural(before.rows, "row")}`,
    { hint: "nothing has landed; if the publisher means it, repeat with --allow-empty" },
  );
}

export function checkListKept(folder: string, listed: readonly Vintage[]): void {
  const found = vintagesOnDisk(folder);
  if (listed.length > 0 || found.length === 0) return;
  throw new OperationError(
    "VINTAGES_LOST",
    `${folder} holds ${plural(found.length, "vintage")} but vintages.json does not list any`,
    { hint: "restore vintages.json from a copy, or move the folder away to begin anew" },
  );
}
