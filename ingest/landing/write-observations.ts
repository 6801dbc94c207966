import { join } from "node:path";
import { messageOf } from "../../runner/base/errors.ts";
import { duckdb as dialect } from "../../runner/dialects/duckdb.ts";
import { NULL_CODE, createBatch } from "./batch-source.ts";
import type { Batch, BatchColumn, BatchSource } from "./batch-source.ts";
import { createContentHash } from "./content-hash.ts";
import { withYear } from "./partitions.ts";
import type { Scratch } from "./scratch.ts";
import { loadBindings, vectorColumns, writeChunk } from "./vector-writer.ts";

/** Said of every row: where it comes from. */
export type RowOrigin = {
  readonly dataset: string;
  readonly publisher: string;
  readonly vintage: string;
  readonly extractedAt: string;
  readonly source: string;
  readonly batchId: string;
};

export type Written = {
  readonly rows: number;
  readonly numbers: number;
  readonly texts: number;
  readonly statuses: number;
  /** Of the rows, whatever their order, and of `extra`. */
  digest(extra: string): string;
};

/**
 * Pulls a source to its end and writes `observations.parquet` below `folder`, or `geo=DE/part-0.parquet` where partitioned.
 * Rows keep the order of the source, so the same rows give the same bytes. What the source throws is thrown on.
 */
export async function writeObservations(
  { duckdb, connection }: Scratch,
  source: BatchSource,
  folder: string,
  origin: RowOrigin,
  partitionBy: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Written> {
  const bindings = await loadBindings();
  const capacity = bindings.vector_size();
  const written = withYear(source.columns, partitionBy);
  const columns = vectorColumns(duckdb, bindings, written, capacity);
  const hash = createContentHash(source.columns, capacity);
  const counters = countersFor(source.columns);
  const batch = createBatch(source.columns, capacity);
  let rows = 0;
  let failure: { error: unknown } | undefined;
  connection.registerTableFunction(
    duckdb.DuckDBTableFunction.create({
      name: "observations",
      bindFunction: (info) => {
        for (const { name, type } of columns) info.addResultColumn(name, type);
      },
      initFunction: (info) => info.setMaxThreads(1),
      mainFunction: (_info, output) => {
        try {
          signal?.throwIfAborted();
          const count = source.next(batch);
          hash.add(batch, count);
          counters.add(batch, count);
          rows += count;
          writeChunk(bindings, columns, output.chunk, batch, count);
        } catch (error) {
          failure = { error };
          throw error instanceof Error ? error : new Error(messageOf(error));
        }
      },
    }),
  );
  try {
    await connection.run(copyStatement(written, folder, origin, partitionBy));
  } catch (error) {
    throw failure === undefined ? error : failure.error;
  }
  return { rows, ...counters.totals, digest: (extra) => hash.digest(extra) };
}

/** The constants are ENUMs of one member: the Parquet writer then stores them in no time, as it does the dimensions. */
function copyStatement(
  columns: readonly BatchColumn[],
  folder: string,
  origin: RowOrigin,
  partitionBy: readonly string[],
): string {
  const constant = (text: string, name: string): string =>
    `${dialect.literal(text)}::enum(${dialect.literal(text)}) as ${dialect.quoteIdentifier(name)}`;
  const selected = [
    ...columns.map(({ name }) => dialect.quoteIdentifier(name)),
    constant(origin.dataset, "_dataset"),
    constant(origin.publisher, "_publisher"),
    constant(origin.vintage, "_vintage"),
    `timestamp ${dialect.literal(origin.extractedAt)} as "_extracted_at"`,
    constant(origin.source, "_source"),
    constant(origin.batchId, "_batch_id"),
  ].join(", ");
  const options = ["format parquet", "compression zstd", "row_group_size 122880"];
  if (partitionBy.length > 0) {
    const keys = partitionBy.map((name) => dialect.quoteIdentifier(name)).join(", ");
    // The files stay whole by themselves: a reader need not guess the type of "01" from a folder's name.
    options.push(
      `partition_by (${keys})`,
      "write_partition_columns true",
      "filename_pattern 'part-{i}'",
      "overwrite_or_ignore true",
    );
  }
  const target = partitionBy.length > 0 ? folder : join(folder, "observations.parquet");
  return `copy (select ${selected} from observations()) to ${dialect.literal(target)} (${options.join(", ")})`;
}

/** Counts numbers in `value`, texts in `value_text`, and rows with a `status` or a `confidentiality`. */
function countersFor(columns: readonly BatchColumn[]) {
  const at = (name: string): number => columns.findIndex((column) => column.name === name);
  const [value, text] = [at("value"), at("value_text")];
  const marks = ["status", "confidentiality"].map(at).filter((column) => {
    const found = columns[column];
    return found?.kind === "code" && found.codes.length > 0;
  });
  const totals = { numbers: 0, texts: 0, statuses: 0 };
  return {
    totals,
    add(batch: Batch, rows: number): void {
      const numbers = batch.arrays[value];
      if (numbers?.kind === "double") totals.numbers += countOnes(numbers.valid, rows);
      const texts = batch.arrays[text];
      if (texts?.kind === "text") totals.texts += countTexts(texts.values, rows);
      const coded = marks.flatMap((column) => {
        const array = batch.arrays[column];
        return array?.kind === "code" ? [array.indices] : [];
      });
      totals.statuses += countMarked(coded, rows);
    },
  };
}

function countOnes(valid: Uint8Array, rows: number): number {
  let count = 0;
  for (let row = 0; row < rows; row++) count += valid[row]!;
  return count;
}

function countTexts(values: readonly (string | null)[], rows: number): number {
  let count = 0;
  for (let row = 0; row < rows; row++) if (values[row] !== null) count++;
  return count;
}

/** Rows where at least one of the columns holds a code. */
function countMarked([first, second]: readonly Uint32Array[], rows: number): number {
  if (first === undefined) return 0;
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (first[row] !== NULL_CODE || (second !== undefined && second[row] !== NULL_CODE)) count++;
  }
  return count;
}
