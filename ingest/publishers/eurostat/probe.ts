import { isObject } from "../../../runner/base/json.ts";
import { HttpError } from "../../http/http-error.ts";
import type { Answered, Http, Verdict } from "../../http/types.ts";
import { readUpdated } from "../../jsonstat/updated.ts";
import type { Probe, Wanted } from "../publisher.ts";
import type { Addresses } from "./addresses.ts";
import { judgeData } from "./judge.ts";

/**
 * Asks for one period of one country, some 4 kB, which carries `updated` of the whole dataset: no answer of Eurostat's has an ETag that
 * could be asked for. A dataset without `geo` refuses the name of the dimension and is asked for the period alone.
 */
export async function probeDataset(http: Http, addresses: Addresses, wanted: Wanted): Promise<Probe> {
  for (const filter of [{ geo: "EU27_2020" }, {}]) {
    const query = new URLSearchParams({
      format: "JSON",
      lang: addresses.language,
      ...filter,
      lastTimePeriod: "1",
    });
    try {
      const answer = await http.read({ url: addresses.data(wanted.code, query) }, { judge: judgeProbe });
      const body: unknown = JSON.parse(Buffer.from(answer.bytes).toString("utf8"));
      return {
        updated: isObject(body) ? readUpdated(body["updated"]) : null,
        etag: null,
        lastModified: null,
      };
    } catch (error) {
      if (error instanceof HttpError && UNTOLD.has(error.code)) continue;
      throw error;
    }
  }
  return { updated: null, etag: null, lastModified: null };
}

/** The dataset is there, and this question is not how to hear of it. */
const UNTOLD = new Set(["REQUEST_REFUSED", "NO_RESULTS", "TOO_BIG", "PREPARING"]);

/** Nothing is worth waiting for: the whole can be asked for as well. */
function judgeProbe(answered: Answered): Verdict {
  const verdict = judgeData(answered);
  return verdict.kind === "later" ? { ...verdict, kind: "refused" } : verdict;
}
