import { UsageError } from "../../runner/base/errors.ts";
import { didYouMean } from "../../runner/base/nearest.ts";
import { printable } from "../../runner/base/text.ts";
import type { PublisherConfig } from "../../runner/project/project-schema.ts";
import type { HostedHttp } from "../http/create-http.ts";
import type { HostLimits, Publisher, PublisherType } from "./publisher.ts";

/** What a type of publisher is made of: everything said, nothing left to guess. */
export type PublisherSettings = {
  readonly name: string;
  readonly url: string;
  readonly language: string | null;
  readonly timeZone: string;
  readonly limits: HostLimits | null;
  readonly maxCells: number | null;
};

type Known = {
  readonly type: PublisherType;
  readonly url: string;
  readonly timeZone: string;
  readonly language?: string;
};

/** Publishers by name. A new one of a known type is an entry here, or one under `ingest.publishers` of a project. */
const KNOWN: Readonly<Record<string, Known>> = {
  eurostat: { type: "eurostat", url: "https://ec.europa.eu/eurostat/api", timeZone: "Europe/Brussels" },
  ssb: { type: "pxweb", url: "https://data.ssb.no/api/pxwebapi/v2", timeZone: "Europe/Oslo" },
  scb: { type: "pxweb", url: "https://statistikdatabasen.scb.se/api/v2", timeZone: "Europe/Stockholm" },
  statfin: {
    type: "pxweb-v1",
    url: "https://pxdata.stat.fi/PxWeb/api/v1/en/StatFin",
    timeZone: "Europe/Helsinki",
  },
  cso: { type: "pxstat", url: "https://ws.cso.ie/public", timeZone: "Europe/Dublin" },
  nisra: { type: "pxstat", url: "https://ws-data.nisra.gov.uk/public", timeZone: "Europe/London" },
  files: { type: "files", url: "", timeZone: "UTC" },
};

/** A new type is a file and an entry here. */
const TYPES: Readonly<Record<PublisherType, (settings: PublisherSettings) => Promise<Publisher>>> = {
  eurostat: async (settings) => (await import("./eurostat/eurostat.ts")).eurostat(settings),
  pxweb: async (settings) => (await import("./pxweb/pxweb.ts")).pxweb(settings),
  "pxweb-v1": async (settings) => (await import("./pxweb/pxweb-v1.ts")).pxwebV1(settings),
  pxstat: async (settings) => (await import("./pxstat/pxstat.ts")).pxstat(settings),
  files: async (settings) => (await import("./files.ts")).files(settings),
};

export type RegistryOptions = {
  readonly configs: Readonly<Record<string, PublisherConfig>>;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/**
 * The publisher of that name, as the project and the environment have it: `STATLOOM_EUROSTAT_URL` wins over `url` in the project, which wins
 * over what is known. Throws a UsageError for a name that nobody knows.
 */
export async function openPublisher(name: string, { configs, env }: RegistryOptions): Promise<Publisher> {
  const key = name.toLowerCase();
  const config = find(configs, key);
  const known = find(KNOWN, key);
  const type = config?.type ?? known?.type;
  const url = env[urlVariable(key)] || config?.url || known?.url;
  if (type === undefined || url === undefined) {
    const names = [...new Set([...Object.keys(KNOWN), ...Object.keys(configs)])];
    throw new UsageError(
      "PUBLISHER_UNKNOWN",
      type === undefined
        ? `no publisher is named "${printable(name)}"`
        : `the publisher "${printable(name)}" has no address`,
      (type === undefined ? didYouMean(name, names) : undefined) ??
        `known are ${names.join(", ")}; others are said under ingest.publishers: {${printable(key)}: {type: pxweb, url: https://…}}`,
    );
  }
  const { concurrency, calls, seconds } = config ?? {};
  const limited = concurrency !== undefined || calls !== undefined;
  return TYPES[type]({
    name: key,
    url: url.replace(/\/+$/, ""),
    language: config?.language ?? known?.language ?? null,
    timeZone: config?.time_zone ?? known?.timeZone ?? "UTC",
    limits: limited ? { concurrency: concurrency ?? 2, calls: calls ?? 0, seconds: seconds ?? 1 } : null,
    maxCells: config?.max_cells ?? null,
  });
}

/** `STATLOOM_STATBANK_DK_URL` for `statbank-dk`. */
const urlVariable = (name: string): string =>
  `STATLOOM_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}_URL`;

function find<T>(map: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.entries(map).find(([name]) => name.toLowerCase() === key)?.[1];
}

/** Tells the client how often the publisher may be asked, and where it may redirect to. */
export async function allowPublisher(
  http: HostedHttp,
  publisher: Publisher,
  config: PublisherConfig | undefined,
): Promise<void> {
  const limits = await publisher.limits(http);
  for (const base of publisher.bases) http.allow(base, limits, config?.redirect_hosts);
}
