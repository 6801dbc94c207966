import { isObject } from "../../../runner/base/json.ts";
import type { Http, HttpRequest } from "../../http/types.ts";
import { readUpdated } from "../../jsonstat/updated.ts";
import { instantText } from "../../landing/vintage-id.ts";
import { checkPeriods } from "../check-selection.ts";
import { describeDocument } from "../describe-document.ts";
import type { CatalogEntry, ChangeFeed, HostLimits, Part, Publisher, Wanted } from "../publisher.ts";
import type { PublisherSettings } from "../registry.ts";
import { readJson, textAt } from "../read-json.ts";
import { selectAll } from "../split.ts";
import { judgePxWeb } from "./judge.ts";
import { pxWebConfig } from "./config.ts";

/** PxWebApi 2: statistical offices of Norway, Sweden and others. */
export function pxweb(settings: PublisherSettings): Publisher {
  const { name, url, language, timeZone } = settings;
  const config = pxWebConfig(`${url}/config`, settings, {
    cells: "maxDataCells",
    calls: "maxCallsPerTimeWindow",
  });
  const lang = (wanted?: Wanted): string => {
    const said = wanted?.language ?? language;
    return said === null || said === undefined ? "" : `&lang=${encodeURIComponent(said)}`;
  };
  const table = (code: string): string => `${url}/tables/${encodeURIComponent(code)}`;
  const describe = async (http: Http, wanted: Wanted) => {
    const address = `${table(wanted.code)}/metadata?outputFormat=json-stat2${lang(wanted)}`;
    const { bytes } = await http.read({ url: address }, { judge: judgePxWeb });
    return describeDocument(bytes, wanted.code, null);
  };
  return {
    name,
    type: "pxweb",
    home: url,
    timeZone,
    hasCatalog: true,
    bases: [url],
    limits: async (http): Promise<HostLimits> => (await config(http)).limits,
    datasetName: (code) => code.toLowerCase(),
    catalog: (http) => readTables(http, `${url}/tables?pageSize=1000${lang()}`),
    changes: (http, { since, now }) => readChanged(http, `${url}/tables?pageSize=1000${lang()}`, since, now),
    describe,
    async probe(http, wanted) {
      const body = await readJson(
        http,
        { url: `${table(wanted.code)}?${lang(wanted).slice(1)}` },
        judgePxWeb,
      );
      return { updated: readUpdated(body["updated"]), etag: null, lastModified: null };
    },
    check: checkPeriods,
    request: (wanted, part) =>
      dataRequest(`${table(wanted.code)}/data?outputFormat=json-stat2${lang(wanted)}`, part),
    /** Every dimension is named in each part: of one that is not, PxWeb gives what it thinks best. */
    async parts(http, wanted) {
      const description = await describe(http, wanted);
      const { maxCells } = await config(http);
      return selectAll(description, wanted, maxCells);
    },
    judge: judgePxWeb,
  };
}

/** By GET where the address stays short, which can be looked at in a browser. */
function dataRequest(address: string, part: Part): HttpRequest {
  const selection = Object.entries(part);
  const query = selection.map(
    ([id, codes]) => `&valuecodes[${encodeURIComponent(id)}]=${codes.map(encodeURIComponent).join(",")}`,
  );
  const url = `${address}${query.join("")}`;
  // A comma within a code cannot be told from one between two.
  if (url.length <= 2000 && !selection.some(([, codes]) => codes.some((code) => code.includes(","))))
    return { url };
  const body = { selection: selection.map(([variableCode, valueCodes]) => ({ variableCode, valueCodes })) };
  return {
    url: address,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}

async function* readTables(http: Http, address: string): AsyncGenerator<CatalogEntry> {
  for (let page = 1, pages = 1; page <= pages; page++) {
    const body = await readJson(http, { url: `${address}&pageNumber=${page}` }, judgePxWeb);
    const info = body["page"];
    pages = isObject(info) && typeof info["totalPages"] === "number" ? info["totalPages"] : 1;
    const tables = Array.isArray(body["tables"]) ? (body["tables"] as unknown[]) : [];
    for (const one of tables)
      if (isObject(one) && typeof one["id"] === "string") yield entryOf(one, one["id"]);
  }
}

function entryOf(table: Record<string, unknown>, id: string): CatalogEntry {
  const text = (name: string): string | null => (typeof table[name] === "string" ? table[name] : null);
  const paths = Array.isArray(table["paths"]) ? (table["paths"] as unknown[]) : [];
  return {
    code: id.toLowerCase(),
    title: text("label") ?? id,
    themes: paths.map((path) =>
      (Array.isArray(path) ? (path as unknown[]) : []).flatMap((one) =>
        isObject(one) ? [{ code: textAt(one, "id"), title: textAt(one, "label") }] : [],
      ),
    ),
    type: "table",
    updated: readUpdated(table["updated"]),
    structureUpdated: null,
    start: text("firstPeriod"),
    end: text("lastPeriod"),
    values: null,
  };
}

const FIRST_DAYS = 7;
const MAX_DAYS = 60;

/** Tables that were updated in the last days: one day more than have passed, since it is not said where a day begins. */
async function readChanged(
  http: Http,
  address: string,
  since: string | null,
  now: Date,
): Promise<ChangeFeed> {
  const passed = since === null ? FIRST_DAYS : (now.getTime() - Date.parse(since)) / 86_400_000;
  const days = Math.min(MAX_DAYS, Math.ceil(passed) + 1);
  const changes = [];
  for await (const { code, title, updated } of readTables(http, `${address}&pastDays=${days}`)) {
    if (updated === null) continue;
    changes.push({ guid: `${code}|${updated}`, code, kind: "data" as const, at: updated, title });
  }
  return { changes, coversFrom: instantText(new Date(now.getTime() - (days - 1) * 86_400_000)), unread: [] };
}
