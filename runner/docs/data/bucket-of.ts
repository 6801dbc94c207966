import { groupBy } from "../../base/group-by.ts";

/** Nodes of one file of details, on average. */
const PER_BUCKET = 24;

export const bucketsFor = (nodes: number): number =>
  Math.max(1, Math.min(512, Math.ceil(nodes / PER_BUCKET)));

/** Which of the files of details a node lies in: FNV-1a of its id, so that the browser knows it without a list. */
export function bucketOf(id: string, buckets: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % buckets;
}

/** Things with ids by the file of details that they belong to. */
export function spreadOver<T>(
  things: Iterable<T>,
  idOf: (thing: T) => string,
  buckets: number,
): Map<number, T[]> {
  return groupBy(things, (thing) => bucketOf(idOf(thing), buckets));
}
