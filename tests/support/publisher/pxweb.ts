import type { Library } from "./library.ts";
import { json } from "./reply.ts";
import type { Question, Reply } from "./reply.ts";
import { cellsOf, codesOf, slice } from "./slice.ts";
import type { Dataset } from "./slice.ts";

export type PxWebOptions = { readonly library: Library; readonly now: () => Date; readonly maxCells: number };

const problem = (status: number, title: string): Reply => ({
  ...json(status, { type: "Parameter error", title, status }),
  type: "application/problem+json",
});

/** PxWebApi 2, below `/pxweb/v2`. */
export function answerPxWeb(
  { url, method, body }: Question,
  { library, now, maxCells }: PxWebOptions,
): Reply {
  const path = url.pathname.replace(/^\/pxweb\/v2/, "");
  if (path === "/config")
    return json(200, {
      apiVersion: "2.2.0",
      maxDataCells: maxCells,
      maxCallsPerTimeWindow: 1000,
      timeWindow: 1,
      dataFormats: ["json-stat2"],
    });
  if (path === "/tables") return tables(url.searchParams, library, now());
  const [, id, what] = /^\/tables\/([^/]+)(?:\/(metadata|data))?$/.exec(path) ?? [];
  const dataset = id === undefined ? undefined : library.current(decodeURIComponent(id));
  if (dataset === undefined) return problem(404, "Non-existent table");
  if (what === undefined) return json(200, infoOf(id!, dataset, library));
  if (what === "metadata") return json(200, { ...dataset, value: [], status: undefined });
  const selection = method === "POST" ? fromBody(body) : fromQuery(url.searchParams);
  return data(dataset, selection, maxCells);
}

function tables(query: URLSearchParams, library: Library, now: Date): Reply {
  const days = query.get("pastDays");
  const listed = library.codes.filter((code) => {
    const at = library.changes.findLast((change) => change.code === code)!.at;
    return days === null || now.getTime() - at.getTime() <= Number(days) * 86_400_000;
  });
  const [size, number] = [Number(query.get("pageSize") ?? 20), Number(query.get("pageNumber") ?? 1)];
  const shown = listed.slice((number - 1) * size, number * size);
  return json(200, {
    language: "en",
    tables: shown.map((code) => infoOf(code, library.current(code)!, library)),
    page: {
      pageNumber: number,
      pageSize: size,
      totalElements: listed.length,
      totalPages: Math.max(1, Math.ceil(listed.length / size)),
    },
  });
}

function infoOf(code: string, dataset: Dataset, _library: Library) {
  const periods = codesOf(dataset.dimension[dataset.id.at(-1)!]!);
  return {
    id: code.toUpperCase(),
    label: dataset.label,
    updated: dataset.updated,
    firstPeriod: periods[0],
    lastPeriod: periods.at(-1),
    paths: [[{ id: "HE", label: "Health" }]],
  };
}

type Selection = ReadonlyMap<string, readonly string[]>;

const fromQuery = (query: URLSearchParams): Selection =>
  new Map(
    [...query].flatMap(([name, codes]) => {
      const id = /^valuecodes\[(.+)\]$/i.exec(name)?.[1];
      return id === undefined ? [] : [[id, codes.split(",")]];
    }),
  );

function fromBody(body: string): Selection {
  const { selection } = JSON.parse(body) as { selection: { variableCode: string; valueCodes: string[] }[] };
  return new Map(selection.map(({ variableCode, valueCodes }) => [variableCode, valueCodes]));
}

function data(dataset: Dataset, selection: Selection, maxCells: number): Reply {
  for (const id of selection.keys())
    if (!dataset.id.includes(id)) return problem(400, `Non-existent variable ${id}`);
  const kept = new Map<string, readonly string[]>();
  for (const id of dataset.id) {
    const all = codesOf(dataset.dimension[id]!);
    // Of what is not selected, it gives what it thinks best.
    const codes = selection.get(id) ?? all.slice(0, 1);
    const unknown = codes.find((code) => code !== "*" && !all.includes(code));
    if (unknown !== undefined) return problem(400, `Non-existent value ${unknown}`);
    kept.set(id, codes.includes("*") ? all : codes);
  }
  return cellsOf(dataset, kept) > maxCells
    ? problem(403, "Too many cells selected")
    : json(200, slice(dataset, kept));
}
