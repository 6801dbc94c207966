import { isObject } from "../../runner/base/json.ts";
import type { Json, JsonObject } from "../../runner/base/json.ts";
import { NULL_CODE } from "../landing/batch-source.ts";
import type { Batch, BatchColumn, BatchSource } from "../landing/batch-source.ts";
import type { Cube, Dimension, RejectedCell } from "./types.ts";

export type MergedCube = Pick<Cube, "label" | "updated" | "header" | "dimensions" | "observations">;

/**
 * Cubes that are parts of one, as that one: the rows of each in turn, the categories of all. Undefined where their dimensions differ, so that
 * they cannot be parts of the same. `updated` is that of the first: whether all say the same is the caller's question.
 */
export function mergeCubes(cubes: readonly [Cube, ...Cube[]]): MergedCube | undefined {
  const [first, ...others] = cubes;
  const shape = (cube: Cube): string => JSON.stringify(cube.dimensions.map(({ id, column }) => [id, column]));
  if (others.some((cube) => shape(cube) !== shape(first))) return undefined;
  const dimensions = first.dimensions.map((dimension, i) =>
    mergeDimension(
      dimension,
      cubes.map((cube) => cube.dimensions[i]!),
    ),
  );
  return {
    label: first.label,
    updated: first.updated,
    header: mergeHeader(first.header, dimensions),
    dimensions,
    observations: (reject) => new Parts(cubes, reject),
  };
}

/** Categories in the order of their first appearance: parts are cut in the order of the publisher. */
function mergeDimension(dimension: Dimension, all: readonly Dimension[]): Dimension {
  const found = new Map(
    all.flatMap(({ categories }) => categories.map((category) => [category.code, category])),
  );
  const categories = [...found.values()].map((category, position) => ({ ...category, position }));
  return { ...dimension, categories };
}

function mergeHeader(header: Json, dimensions: readonly Dimension[]): Json {
  if (!isObject(header) || !isObject(header["dimension"])) return header;
  const members = header["dimension"] as JsonObject;
  const merged = dimensions.map(({ id, categories }): [string, Json] => {
    const own = members[id];
    const rest = isObject(own) ? (own as JsonObject) : {};
    const category = isObject(rest["category"]) ? (rest["category"] as JsonObject) : {};
    const index = categories.map(({ code }) => code);
    const label = Object.fromEntries(categories.map(({ code, label: text }) => [code, text ?? code]));
    return [id, { ...rest, category: { ...category, index, label } }];
  });
  const sizes = dimensions.map(({ categories }) => categories.length);
  return { ...(header as JsonObject), size: sizes, dimension: { ...members, ...Object.fromEntries(merged) } };
}

type Source = BatchSource & { close(): void };
type Opened = { readonly source: Source; readonly maps: readonly (Uint32Array | null)[] };

/** Rows of one part after the other; codes are renumbered to the lists of all. */
class Parts implements BatchSource {
  readonly columns: readonly BatchColumn[];
  /** As of a cube that came whole: a row is its cell, so that both have the same content. */
  readonly keyed: readonly string[];
  readonly #cubes: readonly Cube[];
  readonly #reject: (cell: RejectedCell) => void;
  #at = 0;
  #open: Opened | undefined;

  constructor(cubes: readonly Cube[], reject: (cell: RejectedCell) => void) {
    this.#cubes = cubes;
    this.#reject = reject;
    // Each is opened for its columns alone, and again when its turn comes: many at once would hold many tables of statuses.
    const columns = cubes.map((cube) => {
      const source = cube.observations(() => undefined);
      source.close();
      return source.columns;
    });
    this.columns = columns[0]!.map((column, i) =>
      mergeColumn(
        column,
        columns.map((one) => one[i]!),
        columns,
      ),
    );
    this.keyed = cubes[0]!.dimensions.map(({ column }) => column);
  }

  next(batch: Batch): number {
    for (; this.#at < this.#cubes.length; this.#at++) {
      this.#open ??= this.#begin(this.#cubes[this.#at]!);
      const count = this.#open.source.next(batch);
      if (count > 0) {
        renumber(batch, this.#open.maps, count);
        this.#number(batch, count);
        return count;
      }
      this.close();
    }
    return 0;
  }

  progress(): number {
    return (this.#at + (this.#open?.source.progress?.() ?? 0)) / this.#cubes.length;
  }

  close(): void {
    this.#open?.source.close();
    this.#open = undefined;
  }

  /** The cell of each row in the cube of all parts: the last dimension varies fastest. */
  #number({ arrays, keys }: Batch, count: number): void {
    keys.fill(0, 0, count);
    for (const name of this.keyed) {
      const i = this.columns.findIndex((column) => column.name === name);
      const [column, array] = [this.columns[i], arrays[i]];
      if (column?.kind !== "code" || array?.kind !== "code") continue;
      for (let row = 0; row < count; row++)
        keys[row] = keys[row]! * column.codes.length + array.indices[row]!;
    }
  }

  #begin(cube: Cube): Opened {
    const source = cube.observations(this.#reject);
    const maps = source.columns.map((column, i) => {
      const all = this.columns[i];
      if (column.kind !== "code" || all?.kind !== "code") return null;
      const positions = new Map(all.codes.map((code, position) => [code, position]));
      return Uint32Array.from(column.codes, (code) => positions.get(code) ?? NULL_CODE);
    });
    return { source, maps };
  }
}

function mergeColumn(
  column: BatchColumn,
  same: readonly BatchColumn[],
  tables: readonly (readonly BatchColumn[])[],
): BatchColumn {
  if (column.kind === "code") return { ...column, codes: unionOf(same) };
  if (column.kind !== "derived") return column;
  const values = new Map<string, string | null>();
  for (const [i, part] of same.entries()) {
    const from = tables[i]!.find(({ name }) => name === column.from);
    if (from?.kind !== "code" || part.kind !== "derived") continue;
    for (const [position, code] of from.codes.entries()) values.set(code, part.values[position] ?? null);
  }
  return { ...column, values: [...values.values()] };
}

const unionOf = (columns: readonly BatchColumn[]): string[] => [
  ...new Set(columns.flatMap((column) => (column.kind === "code" ? column.codes : []))),
];

function renumber(batch: Batch, maps: readonly (Uint32Array | null)[], count: number): void {
  for (const [i, map] of maps.entries()) {
    const array = batch.arrays[i];
    if (map === null || array?.kind !== "code") continue;
    const { indices } = array;
    for (let row = 0; row < count; row++) {
      const code = indices[row]!;
      if (code !== NULL_CODE) indices[row] = map[code]!;
    }
  }
}
