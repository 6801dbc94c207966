import type { Library } from "./library.ts";
import { json, notFound } from "./reply.ts";
import type { Question, Reply } from "./reply.ts";
import { slice } from "./slice.ts";

/** PxStat, below `/pxstat`: REST for whole tables, JSON-RPC for what is selected. */
export function answerPxStat({ url, body }: Question, library: Library): Reply {
  const path = decodeURIComponent(url.pathname);
  const [, method, rest = ""] = /api\.restful\/PxStat\.Data\.Cube_API\.(\w+)\/?(.*)$/.exec(path) ?? [];
  if (method === "ReadCollection") return json(200, collection(library, rest.split("/")[0] ?? ""));
  if (method === "ReadDataset" || method === "ReadMetadata") {
    const dataset = library.current(rest.split("/")[0]!);
    if (dataset === undefined) return notFound();
    return method === "ReadDataset"
      ? { ...json(200, dataset), isFile: true }
      : json(200, { ...dataset, value: [], status: undefined });
  }
  if (!path.endsWith("/api.jsonrpc")) return notFound();
  const { params } = JSON.parse(body) as Asked;
  const dataset = library.current(params.extension.matrix);
  if (dataset === undefined) return error("Unknown matrix");
  const kept = new Map<string, readonly string[]>();
  for (const [id, { category }] of Object.entries(params.dimension)) {
    if (!dataset.id.includes(id)) return error(`Unknown dimension ${id}`);
    const all = dataset.dimension[id]!.category.index as readonly string[];
    if (category.index.some((code) => !all.includes(code))) return error("Unknown code");
    kept.set(id, category.index);
  }
  return json(200, { jsonrpc: "2.0", id: 1, result: slice(dataset, kept) });
}

type Asked = {
  readonly params: {
    readonly dimension: Readonly<
      Record<string, { readonly category: { readonly index: readonly string[] } }>
    >;
    readonly extension: { readonly matrix: string };
  };
};

const error = (message: string): Reply =>
  json(200, { jsonrpc: "2.0", id: 1, error: { code: -32_602, message } });

function collection(library: Library, from: string) {
  const listed = library.codes.filter(
    (code) => from === "" || (library.current(code)!.updated ?? "") >= from,
  );
  return {
    version: "2.0",
    class: "collection",
    link: {
      item: listed.map((code) => ({
        class: "dataset",
        href: `https://ws.cso.ie/${code}`,
        label: library.current(code)!.label,
        updated: library.current(code)!.updated,
        extension: { matrix: code.toUpperCase(), subject: { code: "HE", value: "Health" } },
      })),
    },
  };
}
