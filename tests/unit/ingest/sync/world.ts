import { after } from "node:test";
import type { DatasetConfig } from "../../../../runner/project/project-schema.ts";
import { datasetSchema } from "../../../../runner/project/project-schema.ts";
import { readVintages } from "../../../../runner/project/landing.ts";
import { readChanges } from "../../../../ingest/feed/read-changes.ts";
import { instantText } from "../../../../ingest/landing/vintage-id.ts";
import { readDatasetState } from "../../../../ingest/state/dataset-state.ts";
import { chooseDatasets } from "../../../../ingest/sync/choose.ts";
import type { SyncEvent } from "../../../../ingest/sync/events.ts";
import { openIngestion } from "../../../../ingest/sync/open-ingestion.ts";
import { createStager } from "../../../../ingest/sync/stager.ts";
import { syncAll } from "../../../../ingest/sync/sync-all.ts";
import type { SyncResult } from "../../../../ingest/sync/sync-dataset.ts";
import type { LocalPublisher } from "../../../support/publisher/start.ts";
import { tempFolder } from "../../../support/temp.ts";

export type World = {
  readonly landing: string;
  readonly events: SyncEvent[];
  readonly sync: (options?: { due?: boolean; force?: boolean }) => Promise<SyncResult[]>;
  readonly feed: () => ReturnType<typeof readChanges>;
  readonly vintages: (dataset: string) => string[];
  readonly state: (dataset: string) => ReturnType<typeof readDatasetState>;
};

/** A project of Eurostat's datasets without a command line: waits cost nothing, and the clock is moved by hand. */
export function world(publisher: LocalPublisher, datasets: readonly object[], clock: { now: Date }): World {
  const landing = tempFolder();
  const events: SyncEvent[] = [];
  const { signal } = new AbortController();
  const settings = {
    landing,
    maxRejected: undefined,
    keepDocument: false,
    drift: undefined,
    staging: undefined,
    root: process.cwd(),
    env: {},
    publishers: { eurostat: { concurrency: 8, redirect_hosts: [] } },
    datasets: datasets.map((one): DatasetConfig => datasetSchema.parse({ publisher: "eurostat", ...one })),
  };
  const ingestion = openIngestion({
    settings,
    env: publisher.env,
    now: () => clock.now,
    random: () => 0.5,
    sleep: async () => undefined,
    signal,
    timeouts: { connectMs: 5000, headersMs: 5000, bodyMs: 1500 },
  });
  after(() => ingestion.close());
  const now = (): Date => clock.now;
  return {
    landing,
    events,
    async sync({ due = false, force = false } = {}) {
      const chosen = chooseDatasets(await ingestion.configured(), [], {
        landing,
        due,
        now: instantText(clock.now),
      });
      return syncAll(chosen, {
        settings,
        http: ingestion.http,
        clock: { now, random: () => 0.5, sleep: async () => undefined },
        signal,
        publisherOf: (name) => ingestion.publisher(name),
        stager: createStager(settings, signal),
        onEvent: (event) => events.push(event),
        force,
      });
    },
    feed: async () =>
      readChanges({
        publisher: await ingestion.publisher("eurostat"),
        http: ingestion.http,
        landing,
        now: clock.now,
        signal,
        looksUp: false,
        configured: () => ingestion.configured(),
      }),
    vintages: (dataset) => readVintages(landing, "eurostat", dataset).map(({ vintage }) => vintage),
    state: (dataset) => readDatasetState(landing, "eurostat", dataset),
  };
}
