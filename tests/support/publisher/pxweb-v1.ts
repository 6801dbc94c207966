import type { Library } from "./library.ts";
import type { PxWebOptions } from "./pxweb.ts";
import { json } from "./reply.ts";
import type { Question, Reply } from "./reply.ts";
import { cellsOf, codesOf, slice } from "./slice.ts";
import type { Dataset } from "./slice.ts";

/** PxWeb's first API, below `/pxweb/v1/en/db`: tables are in the folder `health`. Some installations cannot be searched. */
export function answerPxWebV1(
  { url, method, body }: Question,
  { library, maxCells, searchable }: PxWebOptions & { readonly searchable: boolean },
): Reply {
  const path = decodeURIComponent(url.pathname).replace(/^\/pxweb\/v1\/en\/db\/?/, "");
  if (url.searchParams.has("config"))
    return json(200, { maxValues: maxCells, maxCells, maxCalls: 1000, timeWindow: 1, CORS: true });
  if (path === "" && url.searchParams.has("query"))
    return searchable ? json(200, hits(library)) : json(400, { error: "Parameter error" });
  if (path === "") return json(200, [{ id: "health", type: "l", text: "Health" }]);
  if (path === "health")
    return json(
      200,
      hits(library).map(({ id, title, published }) => ({ id, type: "t", text: title, updated: published })),
    );
  const dataset = library.current(/^health\/(.+)\.px$/.exec(path)?.[1] ?? "");
  if (dataset === undefined)
    return { status: 404, type: "text/html", body: "<html><title>404</title></html>" };
  if (method === "GET") return json(200, metadataOf(dataset));
  const { query, response } = JSON.parse(body) as Asked;
  if (response.format !== "json-stat2") return json(400, { error: "Unknown format" });
  const kept = new Map<string, readonly string[]>();
  for (const { code, selection } of query) {
    if (!dataset.id.includes(code)) return json(400, { error: `The variable ${code} does not exist` });
    const all = codesOf(dataset.dimension[code]!);
    const unknown = selection.values.find((value) => selection.filter === "item" && !all.includes(value));
    if (unknown !== undefined) return json(400, { error: `The value ${unknown} does not exist` });
    kept.set(code, selection.filter === "all" ? all : selection.values);
  }
  return cellsOf(dataset, kept) > maxCells
    ? { status: 403, type: "text/html", body: "<html><title>403</title></html>" }
    : json(200, slice(dataset, kept));
}

type Asked = {
  readonly query: readonly {
    readonly code: string;
    readonly selection: { readonly filter: string; readonly values: readonly string[] };
  }[];
  readonly response: { readonly format: string };
};

const hits = (library: Library) =>
  library.codes.map((code) => {
    const { label, updated } = library.current(code)!;
    return {
      id: `${code}.px`,
      path: "/health",
      title: label,
      score: 1,
      published: updated?.replace("Z", ""),
    };
  });

const metadataOf = (dataset: Dataset) => ({
  title: dataset.label,
  variables: dataset.id.map((id, i) => {
    const codes = codesOf(dataset.dimension[id]!);
    const { label, category } = dataset.dimension[id]!;
    return {
      code: id,
      text: label ?? id,
      values: codes,
      valueTexts: codes.map((code) => category.label?.[code] ?? code),
      ...(i === dataset.id.length - 1 && { time: true }),
    };
  }),
});
