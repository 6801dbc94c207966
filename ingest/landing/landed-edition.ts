import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBResult } from "@duckdb/node-api";
import { groupBy } from "../../runner/base/group-by.ts";
import { OperationError } from "../../runner/base/errors.ts";
import type { Json } from "../../runner/base/json.ts";
import { duckdb as dialect } from "../../runner/dialects/duckdb.ts";
import { datasetFolder, observationFiles } from "../../runner/project/landing.ts";
import type { LandedDataset, Vintage } from "../../runner/project/landing.ts";
import { NULL_CODE } from "./batch-source.ts";
import type { Batch, BatchArray, BatchColumn, RowSource } from "./batch-source.ts";
import type { Edition } from "./land.ts";
import { dimensionColumns } from "./landed-dimensions.ts";
import type { Scratch } from "./scratch.ts";
import type { LandedDimension } from "./write-dimensions.ts";

export type LandedEdition = Pick<Edition, "publisher" | "dataset" | "header" | "dimensions"> & {
  /** The rows as Parquet has them; to be read while the scratch is open, one reading at a time. */
  open(): RowSource;
};

type Facts = Readonly<Record<string, string | null>>;

/** Reads a vintage back from its files, in constant memory: what it was landed from need not be there any more. */
export async function readLanded(
  scratch: Scratch,
  landing: string,
  { publisher, dataset }: LandedDataset,
  vintage: Vintage,
): Promise<LandedEdition> {
  const folder = join(datasetFolder(landing, publisher, dataset), vintage.vintage);
  const rowsOf = async (sql: string) =>
    (await scratch.connection.runAndReadAll(sql)).getRowObjectsJson() as Facts[];
  try {
    const header = JSON.parse(readFileSync(join(folder, "header.json"), "utf8")) as Json;
    const categories = await rowsOf(
      `select columns(*)::varchar from ${dialect.readParquet([join(folder, "dimensions.parquet")])}`,
    );
    const files = observationFiles(landing, publisher, dataset, vintage);
    const from = dialect.readParquet(files);
    const present = files.length === 0 ? [] : await rowsOf(`describe select * from ${from}`);
    const names = present.map((row) => row["column_name"]!);
    const dimensions = listDimensions(categories, names, vintage.partition_by);
    const time = names.includes("period_start")
      ? await rowsOf(
          `select distinct time_period, period_start::varchar as period_start, period_end::varchar as period_end, frequency from ${from}`,
        )
      : [];
    const columns = listColumns(dimensions, names, time);
    return { publisher, dataset, header, dimensions, open: () => openRows(scratch, from, columns) };
  } catch (error) {
    throw new OperationError(
      "VINTAGE_UNREADABLE",
      `${publisher}/${dataset} ${vintage.vintage} cannot be read from ${folder}`,
      { cause: error, hint: "ingest verify tells what is wrong with it" },
    );
  }
}

function listDimensions(
  categories: readonly Facts[],
  names: readonly string[],
  partitionBy: readonly string[],
): LandedDimension[] {
  const byColumn = groupBy(categories, (row) => row["column_name"]!);
  const present = dimensionColumns(names, new Set(byColumn.keys()), partitionBy);
  return [...new Set([...present, ...byColumn.keys()])].map((column) => {
    const rows = byColumn.get(column) ?? [];
    return {
      id: rows[0]?.["dimension"] ?? column,
      column,
      label: rows[0]?.["dimension_label"] ?? null,
      role: rows[0]?.["role"] ?? null,
      categories: rows.map((row) => ({
        code: row["code"]!,
        label: row["label"] ?? null,
        position: Number(row["position"]),
        parent: row["parent"] ?? null,
        unit: row["unit"] ?? null,
        decimals: typeof row["decimals"] === "string" ? Number(row["decimals"]) : null,
      })),
    };
  });
}

/** As the reader of the document gave them. Statuses come as texts, which makes the same column and the same hash. */
function listColumns(
  dimensions: readonly LandedDimension[],
  names: readonly string[],
  time: readonly Facts[],
): BatchColumn[] {
  const periods = new Map(time.map((row) => [row["time_period"], row]));
  const codesOf = (column: string): string[] =>
    dimensions.find((one) => one.column === column)?.categories.map(({ code }) => code) ?? [];
  const derived = (["period_start", "period_end", "frequency"] as const).filter(
    (name) => names.includes("period_start") && names.includes(name),
  );
  return [
    ...dimensions.map(({ column }): BatchColumn => ({ kind: "code", name: column, codes: codesOf(column) })),
    ...derived.map((name): BatchColumn => ({
      kind: "derived",
      name,
      from: "time_period",
      type: name === "frequency" ? "text" : "date",
      values: codesOf("time_period").map((code) => periods.get(code)?.[name] ?? null),
    })),
    { kind: "double", name: "value" },
    { kind: "text", name: "value_text" },
    { kind: "text", name: "status" },
    { kind: "text", name: "confidentiality" },
  ];
}

/** A database gives its rows in chunks of the size of a batch. */
function openRows({ connection }: Scratch, from: string, columns: readonly BatchColumn[]): RowSource {
  const read = columns.filter(({ kind }) => kind !== "derived");
  const indexes = read.map((column) =>
    column.kind === "code" ? new Map(column.codes.map((code, i) => [code, i])) : undefined,
  );
  const list = read.map(({ name }) => dialect.quoteIdentifier(name)).join(", ");
  let result: DuckDBResult | undefined;
  let isDone = false;
  return {
    columns,
    async next(batch: Batch): Promise<number> {
      if (isDone) return 0;
      result ??= await connection.stream(`select ${list} from ${from}`);
      const chunk = await result.fetchChunk();
      const rows = chunk?.rowCount ?? 0;
      if (chunk === null || rows === 0) {
        isDone = true;
        return 0;
      }
      if (rows > batch.capacity) throw new Error(`${rows} rows do not fit into ${batch.capacity}`);
      for (const [i, column] of read.entries()) {
        const values = chunk.getColumnValues(i) as (string | number | null)[];
        fill(batch.arrays[columns.indexOf(column)]!, values, indexes[i]);
      }
      return rows;
    },
    close() {
      isDone = true;
    },
  };
}

function fill(
  array: BatchArray,
  values: readonly (string | number | null)[],
  index: ReadonlyMap<string, number> | undefined,
): void {
  for (const [row, value] of values.entries()) {
    if (array.kind === "code") array.indices[row] = index?.get(value as string) ?? NULL_CODE;
    else if (array.kind === "text") array.values[row] = value as string | null;
    else if (array.kind === "double") {
      array.valid[row] = value === null ? 0 : 1;
      array.values[row] = (value ?? 0) as number;
    }
  }
}
