import { sha256 } from "../../../../../runner/base/hash.ts";
import { NULL_CODE } from "../../../../../ingest/landing/batch-source.ts";
import type { Batch, BatchColumn, BatchSource } from "../../../../../ingest/landing/batch-source.ts";
import type { StagingEdition } from "../../../../../ingest/landing/postgres/staging.ts";

/** A row by the names of its dimensions; `value`, `text` and `status` may be left out. */
export type Row = Readonly<Record<string, string | number | undefined>>;

const MEASURES = new Set(["value", "text", "status"]);

/** An edition of `shop/toy`. Number `n` is put out n days after the new year. */
export function editionOf(
  n: number,
  rows: readonly Row[],
  more: Partial<StagingEdition> & Hooks = {},
): StagingEdition {
  const day = `2025-${String(Math.floor(n / 28) + 1).padStart(2, "0")}-${String((n % 28) + 1).padStart(2, "0")}`;
  const dimensions =
    more.keys ?? [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => !MEASURES.has(name));
  const digest = sha256(JSON.stringify([n, rows]));
  return {
    publisher: "shop",
    dataset: "toy",
    vintage: `${day}T000000Z`,
    batchId: digest.slice(0, 16),
    updated: `${day}T00:00:00Z`,
    extractedAt: `${day}T06:00:00Z`,
    source: `toy-${n}.json`,
    sha256: digest,
    rejected: 0,
    header: { label: "A toy" },
    keys: dimensions,
    dimensions: [],
    open: () => ({ ...sourceOf(rows, dimensions, more), close: () => {} }),
    ...more,
  };
}

export type Hooks = {
  /** Called before each batch with the rows given so far. */
  readonly onBatch?: (given: number) => void;
};

function sourceOf(rows: readonly Row[], dimensions: readonly string[], hooks: Hooks): BatchSource {
  const codesOf = (name: string): string[] => [
    ...new Set(rows.flatMap((row) => (row[name] === undefined ? [] : [String(row[name])]))),
  ];
  const coded = dimensions.map((name) => ({ name, codes: codesOf(name) }));
  const statuses = codesOf("status");
  const derived = (
    name: string,
    of: (code: string) => string | null,
    type: "date" | "text",
  ): BatchColumn[] => {
    const time = coded.find((column) => column.name === "time_period");
    return time === undefined
      ? []
      : [{ kind: "derived", name, from: "time_period", type, values: time.codes.map(of) }];
  };
  const isYear = (code: string): boolean => /^\d{4}$/.test(code);
  const columns: BatchColumn[] = [
    ...coded.map(({ name, codes }): BatchColumn => ({ kind: "code", name, codes })),
    ...derived("period_start", (code) => (isYear(code) ? `${code}-01-01` : null), "date"),
    ...derived("period_end", (code) => (isYear(code) ? `${code}-12-31` : null), "date"),
    ...derived("frequency", (code) => (isYear(code) ? "A" : null), "text"),
    { kind: "double", name: "value" },
    { kind: "text", name: "value_text" },
    { kind: "code", name: "status", codes: statuses },
    { kind: "code", name: "confidentiality", codes: [] },
  ];
  const positions = new Map(
    coded.map(({ name, codes }) => [name, new Map(codes.map((code, i) => [code, i]))]),
  );
  let given = 0;
  return {
    columns,
    next(batch: Batch): number {
      hooks.onBatch?.(given);
      const part = rows.slice(given, given + batch.capacity);
      for (const [at, column] of columns.entries()) {
        const array = batch.arrays[at]!;
        for (const [i, row] of part.entries()) {
          if (array.kind === "code") {
            const code = row[column.name];
            const index = positions.get(column.name)?.get(String(code)) ?? statuses.indexOf(String(code));
            array.indices[i] = code === undefined || index === -1 ? NULL_CODE : index;
          } else if (array.kind === "double") {
            array.valid[i] = row["value"] === undefined ? 0 : 1;
            array.values[i] = Number(row["value"] ?? 0);
          } else if (array.kind === "text") {
            array.values[i] = row["text"] === undefined ? null : String(row["text"]);
          }
        }
      }
      given += part.length;
      return part.length;
    },
  };
}
