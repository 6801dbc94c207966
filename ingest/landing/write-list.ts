import { join } from "node:path";
import { writeFileAtomic } from "../../runner/base/files.ts";
import type { LandedDataset, Vintage, VintageList } from "../../runner/project/landing.ts";

/** Replaces the list of a dataset in one step; with it editions come and go. Call with the lock held. */
export function writeList(
  folder: string,
  { publisher, dataset }: LandedDataset,
  vintages: readonly Vintage[],
): void {
  const list: VintageList = { version: 1, publisher, dataset, vintages: [...vintages] };
  writeFileAtomic(join(folder, "vintages.json"), `${JSON.stringify(list, null, 2)}\n`);
}
