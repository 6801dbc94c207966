import { isObject } from "../../../../../runner/base/json.ts";

/** What a plain reading of a dataset gives: the codes of each cell by dimension id, its value and its status. */
export type FlatRow = {
  readonly codes: readonly string[];
  readonly value: number | null;
  readonly text: string | null;
  readonly status: string | null;
  readonly confidentiality: string | null;
};

type Loose = Record<string, unknown>;

/** The datasets of any document, found without the reader's help. */
export function findDatasets(document: unknown): Loose[] {
  const root = document as Loose;
  if (isObject(root["result"])) return findDatasets(root["result"]);
  if (isObject(root["dimension"])) return [root];
  const link = root["link"] as Loose | undefined;
  const items = Array.isArray(link?.["item"]) ? (link["item"] as Loose[]) : Object.values(root);
  return items.filter(isObject).filter((item) => isObject(item["dimension"]));
}

/**
 * The rows of a dataset, by the definition and nothing else: every cell in turn, its position along each dimension by
 * division, its code by looking for that position. Slow and independent of the reader.
 */
export function flatten(dataset: Loose): FlatRow[] {
  const dimension = dataset["dimension"] as Loose;
  const ids = (dataset["id"] ?? dimension["id"]) as string[];
  const codes = ids.map((id) => codesByPosition((dimension[id] as Loose)["category"] as Loose));
  const sizes = codes.map((list) => list.length);
  const total = sizes.reduce((product, size) => product * size, 1);
  const values = dataset["value"];
  const isMetadata = Array.isArray(values) && values.length === 0;
  const whole = unwrap(dataset["status"]);
  const statuses = isMetadata && typeof whole === "string" ? null : whole;
  const rows: FlatRow[] = [];
  for (let cell = 0; cell < total; cell++) {
    const value = at(values, cell);
    const flag = at(statuses, cell);
    const [status, confidentiality] = flag === null ? [null, null] : splitStatus(asText(flag));
    if (value === null && status === null && confidentiality === null) continue;
    rows.push({
      codes: positions(cell, sizes).map((position, i) => codes[i]![position]!),
      value: typeof value === "number" ? value : null,
      text: value === null || typeof value === "number" ? null : asText(value),
      status,
      confidentiality,
    });
  }
  return rows;
}

/** A list of one status is a status for all cells; metadata without values have none. */
function unwrap(status: unknown): unknown {
  if (isObject(status) && "value" in status) return status["value"];
  return Array.isArray(status) && status.length === 1 ? status[0] : status;
}

function at(list: unknown, cell: number): unknown {
  if (typeof list === "string") return list;
  return (list as Loose | undefined | null)?.[cell] ?? null;
}

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

function splitStatus(text: string): [string | null, string | null] {
  const [status = "", ...rest] = text.split("|");
  return [status || null, rest.join("|") || null];
}

function codesByPosition(category: Loose): string[] {
  const { index, label } = category;
  if (Array.isArray(index)) return index as string[];
  if (!isObject(index)) return Object.keys(label ?? {});
  return Object.keys(index).toSorted((a, b) => Number(index[a]) - Number(index[b]));
}

function positions(cell: number, sizes: readonly number[]): number[] {
  let rest = cell;
  const reversed = sizes.toReversed().map((size) => {
    const position = rest % size;
    rest = Math.floor(rest / size);
    return position;
  });
  return reversed.toReversed();
}
