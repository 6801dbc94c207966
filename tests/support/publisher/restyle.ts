import { codesOf } from "./slice.ts";
import type { Dataset } from "./slice.ts";

/** A dataset as PxWeb and PxStat write it: every cell in one list, with null where there is none; time is said to be time, and is called `time`. */
export function dense(dataset: Dataset, time: string, index: "object" | "array"): Dataset {
  const cells = dataset.id.reduce((product, id) => product * codesOf(dataset.dimension[id]!).length, 1);
  const values = dataset.value as Readonly<Record<string, unknown>>;
  const last = dataset.id.at(-1)!;
  const rename = (id: string): string => (id === last ? time : id);
  const dimension = Object.fromEntries(
    dataset.id.map((id) => {
      const codes = codesOf(dataset.dimension[id]!);
      const { label } = dataset.dimension[id]!.category;
      const category = {
        index: index === "array" ? codes : Object.fromEntries(codes.map((code, i) => [code, i])),
        label: label ?? Object.fromEntries(codes.map((code) => [code, code])),
      };
      return [rename(id), { label: dataset.dimension[id]!.label ?? id, category }];
    }),
  );
  return {
    version: "2.0",
    class: "dataset",
    label: dataset.label ?? "",
    updated: new Date((dataset.updated ?? "").replace(/(\d\d)(\d\d)$/, "$1:$2"))
      .toISOString()
      .replace(".000", ""),
    role: { time: [time] },
    id: dataset.id.map(rename),
    size: dataset.size,
    dimension,
    value: Array.from({ length: cells }, (_, cell) => values[cell] ?? null),
    ...(dataset.status !== undefined && { status: dataset.status }),
  };
}
