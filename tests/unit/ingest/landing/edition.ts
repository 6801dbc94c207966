import { DuckDBInstance } from "@duckdb/node-api";
import { sha256 } from "../../../../runner/base/hash.ts";
import type { JsonObject } from "../../../../runner/base/json.ts";
import { NULL_CODE } from "../../../../ingest/landing/batch-source.ts";
import type { Batch, BatchColumn, BatchSource } from "../../../../ingest/landing/batch-source.ts";
import type { Edition } from "../../../../ingest/landing/land.ts";

export type Cell = {
  readonly geo: string;
  readonly time: string;
  readonly value?: number | undefined;
  readonly text?: string;
  readonly status?: string;
};

const periods: Record<string, { start: string; end: string; frequency: string }> = {
  "2023": { start: "2023-01-01", end: "2023-12-31", frequency: "A" },
  "2024-Q1": { start: "2024-01-01", end: "2024-03-31", frequency: "Q" },
};

/** An edition with two dimensions, written by hand: the landing needs no document. */
export function edition(cells: readonly Cell[], more: Partial<Edition> & EditionHooks = {}): Edition {
  const geos = more.geos ?? ["DE", "FR", "quote'\"d"];
  const times = ["2023", "2024-Q1", "someday"];
  const category = (code: string, position: number) => ({
    code,
    label: `label of ${code}`,
    position,
    parent: null,
    unit: null,
    decimals: null,
  });
  return {
    publisher: "eurostat",
    dataset: "toy",
    source: "toy.json",
    sha256: sha256(JSON.stringify([cells, more.updated ?? null])),
    updated: "2025-04-04T21:00:00Z",
    header: { label: "A toy" },
    dimensions: [
      { id: "geo", column: "geo", label: "Country", role: "geo", categories: geos.map(category) },
      { id: "time", column: "time_period", label: "Time", role: "time", categories: times.map(category) },
    ],
    open: (reject) => {
      for (const cell of more.rejects ?? []) reject(cell);
      return { ...source(cells, geos, times, more), close: () => more.onClose?.() };
    },
    ...more,
  };
}

export type EditionHooks = {
  readonly geos?: readonly string[];
  readonly rejects?: readonly JsonObject[];
  /** Called before each batch, with the rows given so far. */
  readonly onBatch?: (given: number) => void;
  readonly onClose?: () => void;
  /** Rows a batch; the whole capacity unless told. */
  readonly batchRows?: number;
};

function source(
  cells: readonly Cell[],
  geos: readonly string[],
  times: readonly string[],
  hooks: EditionHooks,
): BatchSource {
  const derived = (name: string, type: "date" | "text", key: "start" | "end" | "frequency"): BatchColumn => ({
    kind: "derived",
    name,
    from: "time_period",
    type,
    values: times.map((time) => periods[time]?.[key] ?? null),
  });
  const statuses = [...new Set(cells.flatMap(({ status }) => (status === undefined ? [] : [status])))];
  let given = 0;
  return {
    columns: [
      { kind: "code", name: "geo", codes: geos },
      { kind: "code", name: "time_period", codes: times },
      derived("period_start", "date", "start"),
      derived("period_end", "date", "end"),
      derived("frequency", "text", "frequency"),
      { kind: "double", name: "value" },
      { kind: "text", name: "value_text" },
      { kind: "code", name: "status", codes: statuses },
      { kind: "code", name: "confidentiality", codes: [] },
    ],
    next(batch: Batch): number {
      hooks.onBatch?.(given);
      const part = cells.slice(given, given + (hooks.batchRows ?? batch.capacity));
      for (const [row, cell] of part.entries()) {
        setCode(batch, 0, row, geos.indexOf(cell.geo));
        setCode(batch, 1, row, times.indexOf(cell.time));
        const numbers = batch.arrays[5]!;
        if (numbers.kind === "double") {
          numbers.values[row] = cell.value ?? 0;
          numbers.valid[row] = cell.value === undefined ? 0 : 1;
        }
        const texts = batch.arrays[6]!;
        if (texts.kind === "text") texts.values[row] = cell.text ?? null;
        setCode(batch, 7, row, cell.status === undefined ? NULL_CODE : statuses.indexOf(cell.status));
        setCode(batch, 8, row, NULL_CODE);
      }
      given += part.length;
      return part.length;
    },
  };
}

function setCode(batch: Batch, column: number, row: number, index: number): void {
  const array = batch.arrays[column]!;
  if (array.kind === "code") array.indices[row] = index;
}

/** Rows of a query over files, as JSON shows them. */
export async function query(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson() as Record<string, unknown>[];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** `count` cells, every one different. */
export const manyCells = (count: number): Cell[] =>
  Array.from({ length: count }, (_, i) => ({ geo: i % 2 ? "DE" : "FR", time: "2023", value: i / 10 }));
