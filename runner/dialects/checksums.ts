/** What values are, however an engine calls the type; those of one kind are compared by one text. */
export type ValueKind =
  | "boolean"
  | "number"
  | "double"
  | "text"
  | "date"
  | "timestamp"
  | "instant"
  | "time"
  | "bytes";

/** How values of two kinds are compared; null: they are not. A decimal beside a double is taken for the double that is nearest. */
export function commonKind(one: ValueKind | null, other: ValueKind | null): ValueKind | null {
  if (one === other) return one;
  const kinds = [one, other];
  return kinds.includes("double") && kinds.includes("number") ? "double" : null;
}

/** `name` is quoted. */
export type SummedColumn = { readonly name: string; readonly type: string };
export type PortableColumn = SummedColumn & { readonly kind: ValueKind };

/**
 * Hashes by which rows are told apart where they are. Equal hashes mean equal rows; unequal ones that rows must be looked at, so that a
 * spelling may tell equal values apart, and never different ones alike.
 */
export type ChecksumSpelling = {
  /** null: no text of such values is known that every engine gives. */
  readonly kindOf: (type: string) => ValueKind | null;
  /** A whole number from 0 to 2^60 - 1 of the columns of a row, on every engine the same. */
  readonly hash: (columns: readonly PortableColumn[]) => string;
  /** A whole number of columns of any types, the same on this engine alone; faster. */
  readonly ownHash: (columns: readonly SummedColumn[]) => string;
  /** Some bits of such a number, as an integer. */
  readonly bucket: (hash: string, bits: number) => string;
};

/**
 * Where the bits of a bucket begin. A join of rows chosen by the bits that it hashes them by itself, the lowest and the highest, would put them all in
 * one place: 55 s instead of 13 for two tables of ten million.
 */
export const MIDDLE = 20;

/** Of arguments: functions take a hundred of them, a column is three, and there is a comma after each. */
const MOST = 24;

/** A text of columns, each given as arguments of `concat`; null is nothing there. */
export function rowText(columns: readonly string[]): string {
  if (columns.length <= MOST) return `concat(${columns.join(", ',', ")})`;
  const parts = Array.from({ length: Math.ceil(columns.length / MOST) }, (_, i) =>
    rowText(columns.slice(i * MOST, (i + 1) * MOST)),
  );
  return rowText(parts);
}
