import { sha256 } from "../../../runner/base/hash.ts";
import { quoteIdentifier } from "../../../runner/dialects/standard.ts";

/** What PostgreSQL cuts names to, without a word. */
const MAX_BYTES = 63;

/** Every name that belongs to one dataset; `sql` ones are quoted and say their schema. */
export type StagingNames = {
  readonly schema: string;
  readonly table: string;
  readonly revisions: string;
  readonly sql: { readonly table: string; readonly revisions: string };
  /** Names of indexes, which live in the schema of their table. */
  readonly keyIndex: string;
  readonly batchIndex: string;
  partition(of: string): string;
};

export function stagingNames(schema: string, publisher: string, dataset: string): StagingNames {
  const base = stagingTableName(publisher, dataset);
  const named = (suffix: string): string => fitName(base, suffix);
  const qualified = (name: string): string => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
  const table = named("");
  const revisions = named("__revisions");
  return {
    schema,
    table,
    revisions,
    sql: { table: qualified(table), revisions: qualified(revisions) },
    keyIndex: named("__cell"),
    batchIndex: named("__batch"),
    partition: (of) => named(`__${of}`),
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

/** Every table has these already. */
const SYSTEM_COLUMNS = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/** What the columns of a source are called in PostgreSQL, in the same order. */
export function columnNames(names: readonly string[]): string[] {
  const taken = new Set(SYSTEM_COLUMNS);
  return names.map((name) => {
    const fitted = fitName(name);
    const free = taken.has(fitted) ? fitName(`${fitted}_${sha256(name).slice(0, 10)}`) : fitted;
    taken.add(free);
    return free;
  });
}
