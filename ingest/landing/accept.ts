import { renameSync } from "node:fs";
import { join } from "node:path";
import { diskError } from "../../runner/base/files.ts";
import { datasetFolder, readVintages } from "../../runner/project/landing.ts";
import type { LandedDataset, Vintage } from "../../runner/project/landing.ts";
import { withDatasetLock } from "./dataset-lock.ts";
import { heldFiles, readHeld, removeHeld } from "./held-folder.ts";
import { syncFolder } from "./sync.ts";
import { confirmListed, markUnlisted, removeLeftovers } from "./vintage-folder.ts";
import { insertVintage } from "./vintage-id.ts";
import { writeList } from "./write-list.ts";

export type Accepted = {
  /** `accepted`: it is in the list now. `already`: it was. `unknown`: no such edition waits. */
  readonly outcome: "accepted" | "already" | "unknown";
  /** Whether a source reads it now; an edition that a newer one has overtaken is history. */
  readonly current: boolean;
};

/**
 * Lists an edition that was kept aside, in the place that its instant gives it. A kill at any moment leaves it waiting or
 * listed.
 */
export async function acceptHeld(landing: string, landed: LandedDataset, vintage: string): Promise<Accepted> {
  const { publisher, dataset } = landed;
  const folder = datasetFolder(landing, publisher, dataset);
  return withDatasetLock(folder, async () => {
    const listed = readVintages(landing, publisher, dataset);
    const isNewest = (list: readonly Vintage[]): boolean => list.at(-1)?.vintage === vintage;
    try {
      removeLeftovers(folder, listed);
      if (listed.some((one) => one.vintage === vintage))
        return { outcome: "already", current: isNewest(listed) };
      const held = readHeld(folder, listed).find((one) => one.vintage.vintage === vintage);
      if (held === undefined) return { outcome: "unknown", current: false };
      const files = heldFiles(folder, vintage);
      markUnlisted(files);
      syncFolder(files);
      renameSync(files, join(folder, vintage));
      const list = insertVintage(listed, held.vintage);
      writeList(folder, landed, list);
      confirmListed(folder, vintage);
      removeHeld(folder, vintage);
      return { outcome: "accepted", current: isNewest(list) };
    } catch (error) {
      throw (error as NodeJS.ErrnoException).syscall === undefined
        ? error
        : diskError(`cannot accept ${vintage} in ${folder}`, error);
    }
  });
}

/** Removes an edition that was kept aside; false where none of the name waits. A kill leaves it waiting, or leftovers without a name. */
export async function discardHeld(
  landing: string,
  { publisher, dataset }: LandedDataset,
  vintage: string,
): Promise<boolean> {
  const folder = datasetFolder(landing, publisher, dataset);
  return withDatasetLock(folder, async () => {
    const listed = readVintages(landing, publisher, dataset);
    removeLeftovers(folder, listed);
    const waits = readHeld(folder, listed).some((one) => one.vintage.vintage === vintage);
    if (waits) removeHeld(folder, vintage);
    return waits;
  });
}
