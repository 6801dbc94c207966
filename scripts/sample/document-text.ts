import { shuffled } from "./random.ts";
import type { Random } from "./random.ts";

/** A code and its label. */
export type SampleCategory = readonly [code: string, label: string];
export type SampleDimension = {
  readonly id: string;
  readonly label: string;
  readonly categories: readonly SampleCategory[];
};
/** `number` is the number's text, since publishers write `0` and `0.0` in one document. */
export type SampleCell = { readonly number?: string; readonly status?: string };

export type SampleDocument = {
  readonly code: string;
  readonly label: string;
  readonly updated: string;
  readonly dimensions: readonly SampleDimension[];
  /** By codes in the order of the dimensions, joined by spaces. */
  readonly cells: ReadonlyMap<string, SampleCell>;
};

const NOTE =
  "SYNTHETIC: every number here was made by a script of Statloom, for its sample and tests. Eurostat has published none of them; only the shape, the codes and the labels are like its own.";

const flagLabels: Readonly<Record<string, string>> = {
  b: "break in time series",
  d: "definition differs (see metadata)",
  e: "estimated",
  f: "forecast",
  i: "value imputed by Eurostat or other receiving agencies",
  m: "missing value; data cannot exist",
  n: "not significant",
  p: "provisional",
  u: "low reliability",
};

/**
 * The document as Eurostat's Statistics API sends it: members in its order, values before dimensions, `value` and
 * `status` sparse, and their keys in runs that stand in no order.
 */
export function documentText(document: SampleDocument, random: Random): string {
  const { code, label, updated, dimensions, cells } = document;
  const placed = [...cells].map(([codes, cell]) => ({
    index: indexOf(dimensions, codes.split(" ")),
    ...cell,
  }));
  placed.sort((a, b) => a.index - b.index);
  const values = inRuns(
    random,
    placed.filter(({ number }) => number !== undefined),
  );
  const statuses = inRuns(
    random,
    placed.filter(({ status }) => status !== undefined),
  );
  const flags = new Set(statuses.flatMap(({ status = "" }) => status));
  const head = {
    version: "2.0",
    class: "dataset",
    label: `SYNTHETIC sample – ${label}`,
    note: [NOTE],
    source: "ESTAT",
    updated,
  };
  const tail = {
    id: dimensions.map(({ id }) => id),
    size: dimensions.map(({ categories }) => categories.length),
    dimension: Object.fromEntries(dimensions.map((dimension) => [dimension.id, dimensionJson(dimension)])),
    extension: {
      lang: "EN",
      id: code.toUpperCase(),
      agencyId: "ESTAT",
      version: "1.0",
      datastructure: { id: code.toUpperCase(), agencyId: "ESTAT", version: "1.0" },
      annotation: [
        { type: "SYNTHETIC", title: "SYNTHETIC sample", text: NOTE },
        { type: "DISSEMINATION_OBJECT_TYPE", title: "DATASET" },
        { type: "OBS_COUNT", title: String(values.length) },
        { type: "UPDATE_DATA", date: updated },
      ],
      status: { label: Object.fromEntries([...flags].sort().map((flag) => [flag, flagLabel(flag)])) },
    },
  };
  const members = [
    ...entries(head),
    `"value":{${values.map(({ index, number }) => `"${index}":${number}`).join(",")}}`,
    `"status":{${statuses.map(({ index, status }) => `"${index}":${JSON.stringify(status)}`).join(",")}}`,
    ...entries(tail),
  ];
  return `{${members.join(",\n")}}\n`;
}

const entries = (object: object): string[] =>
  Object.entries(object).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);

const dimensionJson = ({ label, categories }: SampleDimension) => ({
  label,
  category: {
    index: Object.fromEntries(categories.map(([code], position) => [code, position])),
    label: Object.fromEntries(categories),
  },
});

/** `bu` → `break in time series, low reliability`; `p|C` → `provisional|confidential` */
function flagLabel(status: string): string {
  const [flags = "", secrecy] = status.split("|");
  const text = Array.from(flags, (flag) => flagLabels[flag]).join(", ");
  return secrecy === undefined ? text : `${text}|confidential`;
}

/** Row-major: the last dimension runs fastest. */
function indexOf(dimensions: readonly SampleDimension[], codes: readonly string[]): number {
  return dimensions.reduce((index, { id, categories }, i) => {
    const position = categories.findIndex(([code]) => code === codes[i]);
    if (position === -1) throw new Error(`"${codes[i]}" is not in "${id}"`);
    return index * categories.length + position;
  }, 0);
}

/** Neighbours stay together in runs of a few dozen, and the runs are mixed: so do keys stand in real documents. */
function inRuns<T>(random: Random, list: readonly T[]): T[] {
  const runs: T[][] = [];
  for (let at = 0; at < list.length;) {
    const length = 9 + Math.floor(random() * 40);
    runs.push(list.slice(at, at + length));
    at += length;
  }
  return shuffled(random, runs).flat();
}
