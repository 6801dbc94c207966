import type { DriftConfig, PublisherConfig, StagingConfig } from "../../runner/project/project-schema.ts";
import type { Http } from "../http/types.ts";
import type { Clock } from "../http/retry.ts";
import type { Publisher } from "../publishers/publisher.ts";
import type { SyncEvent } from "./events.ts";
import type { Stager } from "./stager.ts";

/** What the project says for all datasets; `Settings` of the command line is one. */
export type SyncSettings = {
  readonly landing: string;
  readonly maxRejected: number | undefined;
  readonly keepDocument: boolean;
  readonly drift: DriftConfig | undefined;
  readonly staging: StagingConfig | undefined;
  readonly publishers: Readonly<Record<string, PublisherConfig>>;
};

export type SyncContext = {
  readonly settings: SyncSettings;
  readonly http: Http;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly publisherOf: (name: string) => Promise<Publisher>;
  readonly stager: Stager;
  /** Runs one landing at a time: each takes a core and some 150 MB, while downloads go on beside it. */
  readonly oneAtATime: <T>(body: () => Promise<T>) => Promise<T>;
  readonly onEvent: (event: SyncEvent) => void;
  /** Do not ask whether it changed. */
  readonly force: boolean;
  readonly maxBytes?: number;
};
