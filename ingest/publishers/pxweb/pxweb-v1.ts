import { isObject } from "../../../runner/base/json.ts";
import type { Http, HttpRequest } from "../../http/types.ts";
import { readUpdated } from "../../jsonstat/updated.ts";
import { checkPeriods } from "../check-selection.ts";
import type { Description, Part, Publisher, Wanted } from "../publisher.ts";
import type { PublisherSettings } from "../registry.ts";
import { selectAll } from "../split.ts";
import { judgePxWeb } from "./judge.ts";
import { pxWebConfig } from "./config.ts";
import { readFolders } from "./v1-folders.ts";
import { describeTable } from "./v1-table.ts";
import { readJson } from "../read-json.ts";

/**
 * PxWeb's first API: Statistics Finland and many others. The address is that of a database in a language,
 * `https://pxdata.stat.fi/PxWeb/api/v1/en/StatFin`; a table is its path below it, `tyti/statfin_tyti_pxt_135y.px`.
 */
export function pxwebV1(settings: PublisherSettings): Publisher {
  const { name, url, timeZone } = settings;
  const config = pxWebConfig(`${url}?config`, settings, { cells: "maxValues", calls: "maxCalls" });
  const table = (code: string): string => `${url}/${code.split("/").map(encodeURIComponent).join("/")}`;
  const described = new Map<string, Promise<Description>>();
  const describe = (http: Http, wanted: Wanted): Promise<Description> => {
    const found = described.get(wanted.code) ?? describeTable(http, table(wanted.code), wanted.code);
    described.set(wanted.code, found);
    // One that could not be had is asked for again.
    found.catch(() => described.delete(wanted.code));
    return found;
  };
  return {
    name,
    type: "pxweb-v1",
    home: url,
    timeZone,
    hasCatalog: true,
    bases: [url],
    limits: async (http) => (await config(http)).limits,
    datasetName: (code) => (code.split("/").at(-1) ?? code).replace(/\.px$/i, "").toLowerCase(),
    catalog: (http) => readFolders(http, url),
    changes: null,
    describe,
    /** Nothing but data carries the time of its update: one cell of it is asked for. */
    async probe(http, wanted) {
      const description = await describe(http, wanted);
      const one = description.dimensions.map(
        ({ id, codes }) => [id, codes.slice(-1).map(({ code }) => code)] as const,
      );
      const body = await readJson(http, dataRequest(table(wanted.code), Object.fromEntries(one)), judgePxWeb);
      const dataset = isObject(body["dataset"]) ? body["dataset"] : body;
      return { updated: readUpdated(dataset["updated"]), etag: null, lastModified: null };
    },
    check: checkPeriods,
    request: (wanted, part) => dataRequest(table(wanted.code), part),
    async parts(http, wanted) {
      // Its metadata is asked anew for each fetch: codes come with editions.
      described.delete(wanted.code);
      const description = await describe(http, wanted);
      const { maxCells } = await config(http);
      return selectAll(description, wanted, maxCells);
    },
    judge: judgePxWeb,
  };
}

/** Variables that are not named are summed up or left out by the publisher: all are named. */
function dataRequest(address: string, part: Part): HttpRequest {
  const query = Object.entries(part).map(([code, values]) => ({
    code,
    selection: { filter: values[0] === "*" ? "all" : "item", values },
  }));
  return {
    url: address,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, response: { format: "json-stat2" } }),
  };
}
