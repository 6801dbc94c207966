import { join } from "node:path";
import { duckdb as dialect } from "../../runner/dialects/duckdb.ts";
import type { Scratch } from "./scratch.ts";

/** A dimension of what is landed, with its categories in order of position. */
export type LandedDimension = {
  readonly id: string;
  readonly column: string;
  readonly label: string | null;
  readonly role: string | null;
  readonly categories: readonly {
    readonly code: string;
    readonly label: string | null;
    readonly position: number;
    readonly parent: string | null;
    readonly unit: string | null;
    readonly decimals: number | null;
  }[];
};

/** Writes `dimensions.parquet` below `folder`: a row a category, dimensions in the order of the document. */
export async function writeDimensions(
  { connection }: Scratch,
  dimensions: readonly LandedDimension[],
  folder: string,
): Promise<void> {
  await connection.run(`create table dimensions (
    dimension varchar, column_name varchar, dimension_label varchar, role varchar,
    code varchar, label varchar, position integer, parent varchar, unit varchar, decimals integer
  )`);
  const appender = await connection.createAppender("dimensions");
  const text = (value: string | null): void =>
    value === null ? appender.appendNull() : appender.appendVarchar(value);
  const whole = (value: number | null): void =>
    value === null ? appender.appendNull() : appender.appendInteger(value);
  for (const { id, column, label, role, categories } of dimensions) {
    for (const category of categories) {
      text(id);
      text(column);
      text(label);
      text(role);
      text(category.code);
      text(category.label);
      whole(category.position);
      text(category.parent);
      text(category.unit);
      whole(category.decimals);
      appender.endRow();
    }
  }
  appender.closeSync();
  const target = dialect.literal(join(folder, "dimensions.parquet"));
  await connection.run(`copy dimensions to ${target} (format parquet, compression zstd)`);
  await connection.run("drop table dimensions");
}
