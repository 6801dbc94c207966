import { join } from "node:path";
import { OperationError } from "../../runner/base/errors.ts";
import { duckdb as dialect } from "../../runner/dialects/duckdb.ts";
import { datasetFolder, observationFiles } from "../../runner/project/landing.ts";
import type { LandedDataset, Vintage } from "../../runner/project/landing.ts";
import type { EditionShape } from "./drift.ts";
import { dimensionColumns } from "./landed-dimensions.ts";
import type { Scratch } from "./scratch.ts";

/**
 * What drift compares of a landed edition: its dimensions in their order, with their codes.
 */
export async function readShape(
  { connection }: Scratch,
  landing: string,
  { publisher, dataset }: LandedDataset,
  vintage: Vintage,
): Promise<EditionShape> {
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  const folder = datasetFolder(landing, publisher, dataset);
  try {
    const categories = await rowsOf(
      `select column_name, code, decimals from ${dialect.readParquet([join(folder, vintage.vintage, "dimensions.parquet")])}`,
    );
    const files = observationFiles(landing, publisher, dataset, vintage).slice(0, 1);
    const present =
      files.length === 0 ? [] : await rowsOf(`describe select * from ${dialect.readParquet(files)}`);
    const dimensions = new Map<string, { code: string; decimals: number | null }[]>();
    const withCodes = new Set(categories.map((row) => row["column_name"] as string));
    const names = present.map((row) => row["column_name"] as string);
    // Columns of the observations stand in the order of the document.
    for (const column of dimensionColumns(names, withCodes, vintage.partition_by)) dimensions.set(column, []);
    for (const { column_name: column, code, decimals } of categories) {
      const list = dimensions.get(column as string) ?? [];
      list.push({ code: code as string, decimals: decimals === null ? null : Number(decimals) });
      dimensions.set(column as string, list);
    }
    return {
      rows: vintage.rows,
      dimensions: [...dimensions].map(([column, list]) => ({ column, categories: list })),
    };
  } catch (error) {
    throw new OperationError(
      "PREVIOUS_UNREADABLE",
      `the edition before, ${vintage.vintage}, cannot be read, so that nothing can be said of what changed`,
      { cause: error, hint: "ingest verify tells what is wrong with it" },
    );
  }
}
