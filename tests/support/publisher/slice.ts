/** A JSON-stat 2.0 dataset, as far as a publisher that cuts it has to know. */
export type Dataset = {
  readonly id: readonly string[];
  readonly size: readonly number[];
  readonly dimension: Readonly<Record<string, Dimension>>;
  readonly value: Cells;
  readonly status?: Cells;
  readonly updated?: string;
  readonly label?: string;
  readonly [other: string]: unknown;
};
export type Dimension = {
  readonly label?: string;
  readonly category: {
    readonly index?: readonly string[] | Readonly<Record<string, number>>;
    readonly label?: Readonly<Record<string, string>>;
    readonly [other: string]: unknown;
  };
  readonly [other: string]: unknown;
};
type Cells = readonly unknown[] | Readonly<Record<string, unknown>>;

/** Codes of a dimension in their order. */
export function codesOf({ category }: Dimension): string[] {
  const { index, label } = category;
  if (index === undefined) return Object.keys(label ?? {});
  if (Array.isArray(index)) return [...(index as string[])];
  return Object.entries(index as Record<string, number>)
    .sort((a, b) => a[1] - b[1])
    .map(([code]) => code);
}

export const cellsOf = (dataset: Dataset, kept: ReadonlyMap<string, readonly string[]>): number =>
  dataset.id.reduce((product, id) => product * (kept.get(id) ?? codesOf(dataset.dimension[id]!)).length, 1);

/** The dataset with only the codes of `kept` in each dimension that it names, positions renumbered, in the form that it has. */
export function slice(dataset: Dataset, kept: ReadonlyMap<string, readonly string[]>): Dataset {
  if (kept.size === 0) return dataset;
  const all = dataset.id.map((id) => codesOf(dataset.dimension[id]!));
  const chosen = dataset.id.map((id, i) => kept.get(id) ?? all[i]!);
  const from = chosen.map((codes, i) => {
    const positions = new Map(all[i]!.map((code, position) => [code, position]));
    return codes.map((code) => positions.get(code)!);
  });
  const cells = oldCells(from, dataset.size);
  const dimension = Object.fromEntries(
    dataset.id.map((id, i) => [
      id,
      { ...dataset.dimension[id]!, category: cut(dataset.dimension[id]!, chosen[i]!) },
    ]),
  );
  return {
    ...dataset,
    size: chosen.map((codes) => codes.length),
    dimension,
    value: pick(dataset.value, cells),
    ...(dataset.status !== undefined && { status: pick(dataset.status, cells) }),
  };
}

/** Of each new cell in its order, which one it was. */
function oldCells(from: readonly (readonly number[])[], size: readonly number[]): number[] {
  let cells = [0];
  for (const [i, positions] of from.entries())
    cells = cells.flatMap((cell) => positions.map((position) => cell * size[i]! + position));
  return cells;
}

function cut({ category }: Dimension, codes: readonly string[]): Dimension["category"] {
  const { index, label } = category;
  return {
    ...category,
    ...(label && {
      label: Object.fromEntries(codes.flatMap((code) => (code in label ? [[code, label[code]!]] : []))),
    }),
    index: Array.isArray(index) ? codes : Object.fromEntries(codes.map((code, i) => [code, i])),
  };
}

function pick(values: Cells, cells: readonly number[]): Cells {
  if (Array.isArray(values)) return cells.map((cell) => (values as unknown[])[cell] ?? null);
  const sparse = values as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    cells.flatMap((cell, i) => (Object.hasOwn(sparse, cell) ? [[String(i), sparse[cell]]] : [])),
  );
}
