import type { Publisher } from "../publisher.ts";
import type { PublisherSettings } from "../registry.ts";
import { addressesOf, pageOf } from "./addresses.ts";
import { readFeed } from "./feed.ts";
import { describeDataset } from "./describe.ts";
import { judgeData } from "./judge.ts";
import { probeDataset } from "./probe.ts";
import { checkWanted, dataRequest } from "./request.ts";
import { readToc } from "./toc.ts";

/** Eurostat's dissemination API: statistics 1.0 (JSON-stat 2.0), its table of contents and its feed of updates. */
export function eurostat({ name, url, language, limits, timeZone }: PublisherSettings): Publisher {
  const addresses = addressesOf(url, language ?? "en");
  return {
    name,
    type: "eurostat",
    home: pageOf(null),
    timeZone,
    hasCatalog: true,
    bases: [url],
    // No quota is published; two at a time, and no more than five a second, has never been too much.
    limits: async () => limits ?? { concurrency: 2, calls: 5, seconds: 1 },
    datasetName: (code) => code.toLowerCase(),
    catalog: (http) => readToc(http, addresses),
    changes: (http, { now }) => readFeed(http, addresses, now),
    describe: (http, wanted) => describeDataset(http, addresses, wanted),
    probe: (http, wanted) => probeDataset(http, addresses, wanted),
    check: checkWanted,
    request: (wanted, part) => dataRequest(addresses, wanted, part),
    // What is too big is only known by asking: what Eurostat has in its cache comes whole at any size.
    parts: async () => [{}],
    judge: judgeData,
  };
}
