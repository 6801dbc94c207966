import { feedOf, tocOf, tocXmlOf } from "./eurostat-catalogue.ts";
import { constraintOf, structureOf } from "./eurostat-structure.ts";
import type { Library } from "./library.ts";
import { json, notFound } from "./reply.ts";
import type { Question, Reply } from "./reply.ts";
import { cellsOf, codesOf, slice } from "./slice.ts";
import type { Dataset } from "./slice.ts";

export type EurostatOptions = {
  readonly library: Library;
  readonly now: () => Date;
  /** Cells that one answer may have. */
  readonly maxCells: number;
  /** Items of the feed come twice, and some are older than it covers. */
  readonly untidyFeed: boolean;
};

/** The parts of Eurostat's dissemination API that are used, with its habits: what it drops, moves and refuses. */
export function answerEurostat({ url }: Question, options: EurostatOptions): Reply {
  const { library } = options;
  const path = url.pathname.replace(/^.*?\/(?:comext\/)?dissemination\//, "");
  if (path === "catalogue/toc/txt") return { status: 200, type: "text/plain", body: tocOf(library) };
  if (path === "catalogue/toc/xml") return { status: 200, type: "application/xml", body: tocXmlOf(library) };
  if (/^catalogue\/rss\/(?:en|de|fr)\/statistics-update\.rss$/.test(path))
    return {
      status: 200,
      type: "application/rss+xml",
      body: feedOf(library, options.now(), options.untidyFeed),
    };
  const [, kind, code] =
    /^(statistics\/1\.0\/data|sdmx\/2\.1\/(?:dataflow|contentconstraint)\/ESTAT)\/([^/]+)/.exec(path) ?? [];
  if (kind === undefined || code === undefined) return notFound();
  const dataset = library.current(decodeURIComponent(code));
  if (dataset === undefined)
    return error(
      404,
      100,
      `ERR_NOT_FOUND_4: ${code.toUpperCase()} (DATA_FLOW:ALL,1.0) is not available for dissemination.`,
    );
  if (kind.endsWith("dataflow/ESTAT"))
    return { status: 200, type: "application/xml", body: structureOf(code, dataset) };
  if (kind.endsWith("constraint/ESTAT"))
    return { status: 200, type: "application/xml", body: constraintOf(code, dataset) };
  return data(dataset, url.searchParams, options.maxCells);
}

const error = (status: number, id: number, label: string): Reply =>
  json(status, { error: [{ status, id, label }] });

export const tooBig = (cells: number, max: number): Reply =>
  error(
    413,
    413,
    `EXTRACTION_TOO_BIG: The requested extraction is too big, estimated ${cells} rows, max authorised is ${max}, please change your filters to reduce the extraction size`,
  );

export const preparing = (): Reply =>
  json(200, {
    warning: {
      status: 413,
      label: "ASYNCHRONOUS_RESPONSE. Your request will be treated asynchronously. Please try again later.",
    },
  });

const TIME = ["sinceTimePeriod", "untilTimePeriod", "lastTimePeriod"];

function data(dataset: Dataset, query: URLSearchParams, maxCells: number): Reply {
  const kept = new Map<string, string[]>();
  for (const [name, code] of query) {
    if (["format", "lang", ...TIME].includes(name)) continue;
    const lower = /^time_period$/i.test(name) ? "time" : name.toLowerCase();
    const id = dataset.id.find((one) => one.toLowerCase() === lower);
    if (id === undefined) return error(400, 150, `Invalid dimension: ${name}`);
    const known = codesOf(dataset.dimension[id]!).find((one) => one.toLowerCase() === code.toLowerCase());
    // What it does not know it leaves out, and says nothing.
    kept.set(id, [...(kept.get(id) ?? []), ...(known === undefined ? [] : [known])]);
  }
  const time = dataset.id.at(-1)!;
  const [since, until, last] = TIME.map((name) => query.get(name));
  if (last && (since || until)) return error(400, 140, "lastTimePeriod cannot be combined");
  const periods = codesOf(dataset.dimension[time]!);
  if (last) kept.set(time, periods.slice(-Number(last)));
  if (since || until) {
    const inverted = since && until && since > until;
    const within = (one: string): boolean => (!since || one >= since) && (!until || one <= until);
    kept.set(
      time,
      periods.filter((one) => (inverted ? one <= until || one >= since : within(one))),
    );
  }
  const cells = cellsOf(dataset, kept);
  return cells > maxCells ? tooBig(cells, maxCells) : json(200, slice(dataset, kept));
}
