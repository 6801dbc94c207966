import { HttpError } from "../../http/http-error.ts";
import type { Http } from "../../http/types.ts";
import type { HostLimits } from "../publisher.ts";
import { readJson } from "../read-json.ts";
import type { PublisherSettings } from "../registry.ts";
import { judgePxWeb } from "./judge.ts";

export type PxWebConfig = { readonly limits: HostLimits; readonly maxCells: number };

/** Limits that no installation is known to go below, for one that does not tell its own. */
const CAREFUL: PxWebConfig = { limits: { concurrency: 1, calls: 10, seconds: 10 }, maxCells: 100_000 };

/** The limits of an installation: what the project says, else what it tells itself, asked once. */
export function pxWebConfig(
  url: string,
  { limits, maxCells }: PublisherSettings,
  names: { readonly cells: string; readonly calls: string },
): (http: Http) => Promise<PxWebConfig> {
  let told: Promise<PxWebConfig> | undefined;
  const ask = async (http: Http): Promise<PxWebConfig> => {
    if (limits !== null && maxCells !== null) return { limits, maxCells };
    const found = await readConfig(http, url, names);
    return { limits: limits ?? found.limits, maxCells: maxCells ?? found.maxCells };
  };
  return (http) => {
    told ??= ask(http);
    told.catch(() => (told = undefined));
    return told;
  };
}

async function readConfig(
  http: Http,
  url: string,
  names: { readonly cells: string; readonly calls: string },
): Promise<PxWebConfig> {
  let body: Record<string, unknown>;
  try {
    body = await readJson(http, { url }, judgePxWeb);
  } catch (error) {
    // An old installation has none.
    if (error instanceof HttpError && !error.retryable) return CAREFUL;
    throw error;
  }
  const number = (name: string, otherwise: number): number => {
    const value = Number(body[name]);
    return Number.isFinite(value) && value > 0 ? value : otherwise;
  };
  return {
    limits: {
      concurrency: 2,
      calls: number(names.calls, CAREFUL.limits.calls),
      seconds: number("timeWindow", CAREFUL.limits.seconds),
    },
    maxCells: number(names.cells, CAREFUL.maxCells),
  };
}
