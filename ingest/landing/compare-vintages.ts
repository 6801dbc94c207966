import { join } from "node:path";
import { OperationError } from "../../runner/base/errors.ts";
import { duckdb as dialect } from "../../runner/dialects/duckdb.ts";
import { datasetFolder, observationFiles } from "../../runner/project/landing.ts";
import type { LandedDataset, Vintage } from "../../runner/project/landing.ts";
import type { Scratch } from "./scratch.ts";

/** What a publisher changed from one edition to another, cell by cell. */
export type Comparison = {
  readonly dimensions: readonly string[];
  readonly added: number;
  readonly removed: number;
  /** Another number or text in place of one, or of none. */
  readonly revised: number;
  /** The same value with another status or confidentiality. */
  readonly reflagged: number;
  readonly unchanged: number;
  /** Revised numbers, the largest difference first. */
  readonly largest: readonly Revision[];
};

export type Revision = {
  readonly cell: Readonly<Record<string, string | null>>;
  readonly before: number;
  readonly after: number;
  readonly change: number;
};

export async function compareVintages(
  { connection }: Scratch,
  landing: string,
  landed: LandedDataset,
  [before, after]: readonly [Vintage, Vintage],
  limit: number,
): Promise<Comparison> {
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  const { publisher, dataset } = landed;
  const columnsOf = async ({ vintage }: Vintage): Promise<string[]> => {
    const file = join(datasetFolder(landing, publisher, dataset), vintage, "dimensions.parquet");
    const rows = await rowsOf(
      `select distinct column_name as name from ${dialect.readParquet([file])} order by name`,
    );
    return rows.map(({ name }) => name as string);
  };
  const dimensions = await columnsOf(before);
  const others = await columnsOf(after);
  if (dimensions.join() !== others.join()) {
    throw new OperationError(
      "DIMENSIONS_DIFFER",
      `${before.vintage} has the dimensions ${dimensions.join(", ")}, ${after.vintage} has ${others.join(", ")}: their cells cannot be compared`,
    );
  }
  const read = (vintage: Vintage): string =>
    dialect.readParquet(observationFiles(landing, publisher, dataset, vintage));
  const keys = dimensions.map((name) => dialect.quoteIdentifier(name));
  const differs = (...columns: string[]): string =>
    `(${columns.map((column) => `a.${column} is distinct from b.${column}`).join(" or ")})`;
  const joined = `${read(before)} as a full join ${read(after)} as b using (${keys.join(", ")})`;
  const both = "a._vintage is not null and b._vintage is not null";
  const [counts] = await rowsOf(`select
    count(*) filter (a._vintage is null) as added,
    count(*) filter (b._vintage is null) as removed,
    count(*) filter (${both} and ${differs("value", "value_text")}) as revised,
    count(*) filter (${both} and not ${differs("value", "value_text")} and ${differs("status", "confidentiality")}) as reflagged,
    count(*) filter (${both} and not ${differs("value", "value_text", "status", "confidentiality")}) as unchanged
    from ${joined}`);
  const largest = await rowsOf(`select ${keys.join(", ")}, a.value as _before, b.value as _after
    from ${joined} where a.value <> b.value
    order by abs(b.value - a.value) desc, ${keys.join(", ")} limit ${Math.floor(limit)}`);
  const count = (name: string): number => Number(counts?.[name]);
  return {
    dimensions,
    added: count("added"),
    removed: count("removed"),
    revised: count("revised"),
    reflagged: count("reflagged"),
    unchanged: count("unchanged"),
    largest: largest.map(({ _before, _after, ...cell }) => ({
      cell: cell as Revision["cell"],
      before: Number(_before),
      after: Number(_after),
      change: Number((Number(_after) - Number(_before)).toPrecision(12)),
    })),
  };
}
