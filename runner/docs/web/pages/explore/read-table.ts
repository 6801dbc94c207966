import {
  Bool,
  DateDay,
  Dictionary,
  Float64,
  Int32,
  Int64,
  Table,
  TimestampMillisecond,
  Utf8,
  makeData,
  makeVector,
  tableToIPC,
} from "apache-arrow";
import type { Vector } from "apache-arrow";
import { parquetReadObjects } from "hyparquet";
import type { ExploreColumn, ExploreType } from "../../../data/explore-types.ts";

const DAY_MS = 86_400_000;

/** A Parquet file as a stream of Arrow, which DuckDB takes without an extension. */
export async function arrowStreamOf(
  file: ArrayBuffer,
  columns: readonly ExploreColumn[],
): Promise<Uint8Array> {
  const rows = await parquetReadObjects({ file });
  const vectors: Record<string, Vector> = {};
  for (const { name, type } of columns)
    vectors[name] = vectorOf(
      rows.map((row) => (row[name] as unknown) ?? null),
      type,
    );
  return tableToIPC(new Table(vectors), "stream");
}

/** Made of its buffers: the library's own builders compile code, which the policy of the page forbids. */
function vectorOf(values: readonly unknown[], type: ExploreType): Vector {
  const { length } = values;
  const nullBitmap = bitsOf(values, (value) => value !== null);
  const nullCount = values.reduce((count: number, value) => count + (value === null ? 1 : 0), 0);
  const common = { length, nullCount, nullBitmap };
  switch (type) {
    case "number":
      return makeVector(
        makeData({
          ...common,
          type: new Float64(),
          data: Float64Array.from(values, (value) => Number(value)),
        }),
      );
    case "whole":
      return makeVector(
        makeData({ ...common, type: new Int64(), data: BigInt64Array.from(values, wholeOf) }),
      );
    case "flag":
      return makeVector(
        makeData({ ...common, type: new Bool(), data: bitsOf(values, (value) => value === true) }),
      );
    case "date":
      return makeVector(
        makeData({
          ...common,
          type: new DateDay(),
          data: Int32Array.from(values, (value) => Math.floor(timeOf(value) / DAY_MS)),
        }),
      );
    case "instant":
      return makeVector(
        makeData({
          ...common,
          type: new TimestampMillisecond(),
          data: BigInt64Array.from(values, (value) => BigInt(timeOf(value))),
        }),
      );
    case "text":
      return textVector(values, common);
  }
}

const wholeOf = (value: unknown): bigint => (value === null ? 0n : BigInt(value as bigint));
const timeOf = (value: unknown): number => (value instanceof Date ? value.getTime() : 0);

function bitsOf(values: readonly unknown[], isSet: (value: unknown) => boolean): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  for (const [i, value] of values.entries()) if (isSet(value)) bits[i >> 3]! |= 1 << (i & 7);
  return bits;
}

/** Codes and labels repeat: each text once, and its place for every row. */
function textVector(
  values: readonly unknown[],
  common: { readonly length: number; readonly nullCount: number; readonly nullBitmap: Uint8Array },
): Vector {
  const places = new Map<string, number>();
  const data = Int32Array.from(values, (value) => {
    if (value === null) return 0;
    const text = value as string;
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, places.size);
    return places.size - 1;
  });
  const encoder = new TextEncoder();
  const texts = [...places.keys()].map((text) => encoder.encode(text));
  const valueOffsets = new Int32Array(texts.length + 1);
  for (const [i, text] of texts.entries()) valueOffsets[i + 1] = valueOffsets[i]! + text.length;
  const bytes = new Uint8Array(valueOffsets.at(-1)!);
  for (const [i, text] of texts.entries()) bytes.set(text, valueOffsets[i]!);
  const dictionary = makeVector(
    makeData({ type: new Utf8(), length: texts.length, nullCount: 0, valueOffsets, data: bytes }),
  );
  return makeVector(makeData({ ...common, type: new Dictionary(new Utf8(), new Int32()), data, dictionary }));
}
