import { sha256 } from "../../../runner/base/hash.ts";
import { quoteIdentifier } from "../../../runner/dialects/standard.ts";
import { fitName, stagedNames } from "../../../runner/project/staging-names.ts";

/** Every name that belongs to one dataset; `sql` ones are quoted and say their schema. */
export type StagingNames = {
  readonly schema: string;
  readonly table: string;
  readonly revisions: string;
  readonly latest: string;
  readonly editions: string;
  readonly sql: Readonly<Record<"table" | "revisions" | "latest" | "editions" | "dimensions", string>>;
  /** Names of indexes, which live in the schema of their table. */
  readonly keyIndex: string;
  readonly batchIndex: string;
  partition(of: string): string;
};

export function stagingNames(schema: string, publisher: string, dataset: string): StagingNames {
  const { table, revisions, latest, editions, dimensions } = stagedNames(publisher, dataset);
  const qualified = (name: string): string => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
  return {
    schema,
    table,
    revisions,
    latest,
    editions,
    sql: {
      table: qualified(table),
      revisions: qualified(revisions),
      latest: qualified(latest),
      editions: qualified(editions),
      dimensions: qualified(dimensions),
    },
    keyIndex: fitName(table, "__cell"),
    batchIndex: fitName(table, "__batch"),
    partition: (of) => fitName(table, `__${of}`),
  };
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
