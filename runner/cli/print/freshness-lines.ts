import type { Paint } from "../../base/paint.ts";
import { formatSeconds, plural, printable } from "../../base/text.ts";
import type { FreshnessResult, FreshnessStatus } from "../../execute/results.ts";
import type { Graph } from "../../graph/types.ts";

const COLOUR: Readonly<Record<FreshnessStatus, keyof Paint>> = {
  pass: "green",
  warn: "yellow",
  error: "red",
  "runtime error": "red",
};

/** `1/2  pass  eurostat.hlth_silc_13   loaded 3 days ago`. */
export function freshnessLine(
  graph: Graph,
  event: { readonly result: FreshnessResult; readonly index: number; readonly total: number },
  paint: Paint,
): string {
  const { result, index, total } = event;
  const source = graph.sources.get(result.uniqueId);
  const node = graph.nodes.get(result.uniqueId);
  const shown = source
    ? `${source.sourceName}.${source.name}`
    : node
      ? `${node.relation.schema}.${node.relation.identifier}`
      : result.uniqueId;
  const name = printable(shown);
  const status = paint[COLOUR[result.status]](
    (result.status === "pass" ? "pass" : result.status.toUpperCase()).padEnd(5),
  );
  const age =
    result.ageSeconds === null
      ? printable(result.message ?? "")
      : `loaded ${formatAge(result.ageSeconds)} ago`;
  return `${paint.dim(`${index}/${total}`)}  ${status}  ${name.padEnd(40)}  ${age}`;
}

export function freshnessSummary(
  graph: Graph,
  results: readonly FreshnessResult[],
  elapsed: number,
  paint: Paint,
): string {
  const stale = results.filter(({ status }) => status === "error" || status === "runtime error").length;
  const head = paint.bold(stale > 0 ? "stale" : "done");
  return `${head} in ${formatSeconds(elapsed)}: ${plural(results.length, results.every(({ uniqueId }) => graph.sources.has(uniqueId)) ? "source" : "relation")}, ${stale} too old or unreadable`;
}

/** An age in its largest unit: `40 seconds`, `3 days`. */
export function formatAge(seconds: number): string {
  const units = [
    [86_400, "day"],
    [3600, "hour"],
    [60, "minute"],
  ] as const;
  const [size, name] = units.find(([unit]) => seconds >= unit) ?? [1, "second"];
  return plural(Math.max(0, Math.floor(seconds / size)), name);
}
