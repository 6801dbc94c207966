import { setMaxListeners } from "node:events";
import type { DatasetConfig } from "../../runner/project/project-schema.ts";
import { createHttp } from "../http/create-http.ts";
import type { HostedHttp } from "../http/create-http.ts";
import type { RetryPolicy } from "../http/retry.ts";
import type { Timeouts } from "../http/send.ts";
import type { Publisher } from "../publishers/publisher.ts";
import { allowPublisher, openPublisher } from "../publishers/registry.ts";
import { readCatalog } from "../state/catalog-state.ts";
import { expandDatasets } from "./configured.ts";
import type { Configured } from "./configured.ts";
import type { SyncSettings } from "./context.ts";

export type IngestionOptions = {
  readonly settings: SyncSettings & { readonly datasets: readonly DatasetConfig[] };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly retry?: Partial<RetryPolicy>;
  readonly timeouts?: Partial<Timeouts>;
};

/** What every command that talks to publishers begins with: one client for all of them, and publishers that are opened when they are asked for. */
export type Ingestion = {
  readonly http: HostedHttp;
  publisher(name: string): Promise<Publisher>;
  /** The publishers that the datasets of the project name, in order of name. */
  readonly publisherNames: readonly string[];
  /** The datasets of the project, patterns and themes looked up in the catalogues as they are known here. */
  configured(): Promise<Configured[]>;
  close(): Promise<void>;
};

export function openIngestion(options: IngestionOptions): Ingestion {
  const { settings, env, now, sleep, random, signal } = options;
  // Each download and each landing listens; more than ten at once are no leak.
  setMaxListeners(0, signal);
  const http = createHttp({
    env,
    clock: { now, sleep, random },
    signal,
    ...(options.retry && { retry: options.retry }),
    ...(options.timeouts && { timeouts: options.timeouts }),
  });
  const open = (name: string): Promise<Publisher> =>
    openPublisher(name, { configs: settings.publishers, env });
  const allowed = new Map<string, Promise<Publisher>>();
  const allow = async (name: string): Promise<Publisher> => {
    const publisher = await open(name);
    await allowPublisher(http, publisher, settings.publishers[name]);
    return publisher;
  };
  const publisher = (name: string): Promise<Publisher> => {
    const key = name.toLowerCase();
    const found = allowed.get(key) ?? allow(key);
    allowed.set(key, found);
    // Limits that could not be had, since the publisher is down, are asked for again.
    found.catch(() => allowed.delete(key));
    return found;
  };
  const publisherNames = [
    ...new Set(settings.datasets.map((config) => config.publisher.toLowerCase())),
  ].sort();
  return {
    http,
    publisher,
    publisherNames,
    async configured() {
      const all: Configured[] = [];
      for (const name of publisherNames) {
        // Nothing is asked of it here: an outage of one publisher is not the others'.
        const found = await open(name);
        all.push(...expandDatasets(found, settings.datasets, readCatalog(settings.landing, name)));
      }
      return all;
    },
    close: () => http.close(),
  };
}
