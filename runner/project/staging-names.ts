import { sha256 } from "../base/hash.ts";
import { landingName } from "./landing.ts";

/** What PostgreSQL cuts names to, without a word. */
const MAX_BYTES = 63;

/** What a landed dataset is called in PostgreSQL: by whom it is loaded, and by whom it is read. */
export type StagedNames = {
  readonly table: string;
  readonly revisions: string;
  /** A view of the newest edition, every row with that edition's `_vintage`, as its Parquet has it. */
  readonly latest: string;
  /** A view of every edition. */
  readonly editions: string;
  /** A table of the newest edition's categories. */
  readonly dimensions: string;
};

export function stagedNames(publisher: string, dataset: string): StagedNames {
  const base = stagingTableName(landingName("publisher", publisher), landingName("dataset", dataset));
  return {
    table: fitName(base),
    revisions: fitName(base, "__revisions"),
    latest: fitName(base, "__latest"),
    editions: fitName(base, "__editions"),
    dimensions: fitName(base, "__dimensions"),
  };
}

/**
 * `<publisher>__<dataset>`. Where a `__` within one of the two would let two datasets share a name, or a dataset the
 * name of another's revisions, a hash of both follows.
 */
export function stagingTableName(publisher: string, dataset: string): string {
  const name = `${publisher}__${dataset}`;
  const isAmbiguous = name.indexOf("__") !== name.lastIndexOf("__") || name.includes("___");
  return fitName(isAmbiguous ? `${name}_${sha256(JSON.stringify([publisher, dataset])).slice(0, 10)}` : name);
}

/** `base` and `suffix`, cut to what PostgreSQL can hold; what is cut away is replaced by a hash of it. */
export function fitName(base: string, suffix = ""): string {
  const whole = `${base}${suffix}`;
  if (Buffer.byteLength(whole) <= MAX_BYTES) return whole;
  const tail = `_${sha256(base).slice(0, 10)}${suffix}`;
  const room = MAX_BYTES - Buffer.byteLength(tail);
  let cut = "";
  for (const character of base) {
    if (Buffer.byteLength(cut + character) > room) break;
    cut += character;
  }
  return `${cut}${tail}`;
}
