import { isObject } from "../../../runner/base/json.ts";
import type { Http, HttpRequest } from "../../http/types.ts";
import { readUpdated } from "../../jsonstat/updated.ts";
import { instantText } from "../../landing/vintage-id.ts";
import { checkPeriods } from "../check-selection.ts";
import { describeDocument } from "../describe-document.ts";
import type { CatalogEntry, ChangeFeed, Part, Publisher, Wanted } from "../publisher.ts";
import { readJson, textAt } from "../read-json.ts";
import type { PublisherSettings } from "../registry.ts";
import { codesOf, planParts } from "../split.ts";
import { judgePxStat } from "./judge.ts";

const METHOD = "PxStat.Data.Cube_API";

/** PxStat: the Irish CSO, and NISRA of Northern Ireland. Whole tables come by REST, what is selected by JSON-RPC. */
export function pxstat(settings: PublisherSettings): Publisher {
  const { name, url, timeZone, limits, maxCells } = settings;
  const lang = (wanted?: Wanted): string => wanted?.language ?? settings.language ?? "en";
  const rest = (method: string, ...path: readonly string[]): string =>
    [`${url}/api.restful/${METHOD}.${method}`, ...path.map(encodeURIComponent)].join("/");
  const matrix = (code: string): string => code.toUpperCase();
  const metadata = (wanted: Wanted): string =>
    rest("ReadMetadata", matrix(wanted.code), "JSON-stat", "2.0", lang(wanted));
  const describe = async (http: Http, wanted: Wanted) => {
    const { bytes } = await http.read({ url: metadata(wanted) }, { judge: judgePxStat });
    return describeDocument(bytes, wanted.code, null);
  };
  return {
    name,
    type: "pxstat",
    home: null,
    timeZone,
    hasCatalog: true,
    bases: [url],
    limits: async () => limits ?? { concurrency: 2, calls: 5, seconds: 1 },
    datasetName: (code) => code.toLowerCase(),
    catalog: (http) => readCollection(http, rest("ReadCollection")),
    changes: (http, { since, now }) =>
      readChanged(http, (day) => rest("ReadCollection", day, lang()), since, now),
    describe,
    async probe(http, wanted) {
      const body = await readJson(http, { url: metadata(wanted) }, judgePxStat);
      return { updated: readUpdated(body["updated"]), etag: null, lastModified: null };
    },
    check: checkPeriods,
    request(wanted, part) {
      if (Object.keys(part).length === 0)
        return {
          url: rest("ReadDataset", matrix(wanted.code), "JSON-stat", "2.0", lang(wanted)),
        };
      return selection(`${url}/api.jsonrpc`, matrix(wanted.code), lang(wanted), part);
    },
    async parts(http, wanted) {
      const { filters, since, until, last } = wanted;
      const isWhole =
        Object.keys(filters).length === 0 && [since, until, last].every((one) => one === undefined);
      if (isWhole && maxCells === null) return [{}];
      const description = await describe(http, wanted);
      const selected = (part: Part): Part =>
        Object.fromEntries(
          description.dimensions.flatMap((dimension) => {
            const codes = codesOf(dimension, wanted, part);
            return codes.length === dimension.codes.length ? [] : [[dimension.id, codes]];
          }),
        );
      const [first, ...others] = planParts(description, wanted, maxCells ?? Number.MAX_SAFE_INTEGER);
      return [selected(first), ...others.map(selected)];
    },
    judge: judgePxStat,
  };
}

function selection(url: string, matrix: string, language: string, part: Part): HttpRequest {
  const dimension = Object.fromEntries(
    Object.entries(part).map(([id, index]) => [id, { category: { index } }]),
  );
  const params = {
    class: "query",
    id: Object.keys(part),
    dimension,
    extension: {
      pivot: null,
      codes: false,
      language: { code: language },
      format: { type: "JSON-stat", version: "2.0" },
      matrix,
    },
    version: "2.0",
  };
  return {
    url,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: `${METHOD}.ReadDataset`, params }),
  };
}

/** A JSON-stat collection of links, one a table. */
async function* readCollection(http: Http, address: string): AsyncGenerator<CatalogEntry> {
  const body = await readJson(http, { url: address }, judgePxStat);
  const items = isObject(body["link"]) ? body["link"]["item"] : undefined;
  for (const item of Array.isArray(items) ? (items as unknown[]) : []) {
    if (!isObject(item) || !isObject(item["extension"])) continue;
    const { matrix, subject } = item["extension"];
    if (typeof matrix !== "string") continue;
    const theme = isObject(subject)
      ? [{ code: textAt(subject, "code"), title: textAt(subject, "value") }]
      : [];
    yield {
      code: matrix.toLowerCase(),
      title: typeof item["label"] === "string" ? item["label"] : matrix,
      themes: [theme],
      type: "table",
      updated: readUpdated(item["updated"]),
      structureUpdated: null,
      start: null,
      end: null,
      values: null,
    };
  }
}

const FIRST_DAYS = 7;

async function readChanged(
  http: Http,
  address: (day: string) => string,
  since: string | null,
  now: Date,
): Promise<ChangeFeed> {
  const from = since === null ? now.getTime() - FIRST_DAYS * 86_400_000 : Date.parse(since) - 86_400_000;
  const coversFrom = instantText(new Date(from));
  const changes = [];
  for await (const { code, title, updated } of readCollection(http, address(coversFrom.slice(0, 10)))) {
    if (updated === null) continue;
    changes.push({ guid: `${code}|${updated}`, code, kind: "data" as const, at: updated, title });
  }
  return { changes, coversFrom, unread: [] };
}
