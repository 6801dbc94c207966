import { rmSync } from "node:fs";
import { join } from "node:path";
import { diskError } from "../../runner/base/files.ts";
import { datasetFolder, readVintages } from "../../runner/project/landing.ts";
import type { LandedDataset, Vintage } from "../../runner/project/landing.ts";
import { withDatasetLock } from "./dataset-lock.ts";
import { readHeld, removeHeld } from "./held-folder.ts";
import { markUnlisted } from "./vintage-folder.ts";
import { writeList } from "./write-list.ts";

/** Which editions may go: all but the newest few, or those put out before an instant (`2025-04-04T21:00:00Z`). */
export type VacuumRule =
  | { readonly kind: "keep"; readonly newest: number }
  | { readonly kind: "before"; readonly instant: string };

/** The editions that a rule gives up, oldest first; the newest edition never is among them. */
function expendable(vintages: readonly Vintage[], rule: VacuumRule): Vintage[] {
  const older = vintages.slice(0, -1);
  return rule.kind === "keep"
    ? vintages.slice(0, -Math.max(1, rule.newest))
    : older.filter((one) => instantOf(one) < rule.instant);
}

/**
 * Editions that wait to be let in and that the rule would give up if they were: what it leaves is as if they had been. One that is newer than all
 * others waits on.
 */
function expendableHeld(vintages: readonly Vintage[], held: readonly Vintage[], rule: VacuumRule): Vintage[] {
  const newest = vintages.at(-1);
  if (newest === undefined) return [];
  const [oldestKept = newest] = vintages.slice(expendable(vintages, rule).length);
  const limit = rule.kind === "keep" ? instantOf(oldestKept) : rule.instant;
  return held.filter((one) => instantOf(one) < limit && instantOf(one) < instantOf(newest));
}

const instantOf = ({ updated, extracted_at }: Vintage): string => updated ?? extracted_at;

/** Removes editions and returns them, those that wait to be let in too. A kill in between leaves the list as it was, or leftovers that the next landing removes. */
export async function vacuumDataset(
  landing: string,
  landed: LandedDataset,
  rule: VacuumRule,
): Promise<readonly Vintage[]> {
  const { publisher, dataset } = landed;
  const folder = datasetFolder(landing, publisher, dataset);
  return withDatasetLock(folder, async () => {
    const vintages = readVintages(landing, publisher, dataset);
    const going = new Set(expendable(vintages, rule));
    const held = expendableHeld(vintages, heldOf(folder, vintages), rule);
    for (const { vintage } of held) removeHeld(folder, vintage);
    if (going.size === 0) return held;
    const staying = vintages.filter((vintage) => !going.has(vintage));
    try {
      for (const { vintage } of going) markUnlisted(join(folder, vintage));
      writeList(folder, landed, staying);
      for (const { vintage } of going) rmSync(join(folder, vintage), { recursive: true, force: true });
    } catch (error) {
      throw diskError(`cannot remove vintages from ${folder}`, error);
    }
    return [...going, ...held];
  });
}

/** What a rule would remove, without doing it. */
export function vacuumable(
  landing: string,
  { publisher, dataset }: LandedDataset,
  rule: VacuumRule,
): Vintage[] {
  const vintages = readVintages(landing, publisher, dataset);
  const held = heldOf(datasetFolder(landing, publisher, dataset), vintages);
  return [...expendable(vintages, rule), ...expendableHeld(vintages, held, rule)];
}

const heldOf = (folder: string, vintages: readonly Vintage[]): Vintage[] =>
  readHeld(folder, vintages).map(({ vintage }) => vintage);
