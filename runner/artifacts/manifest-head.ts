import { md5 } from "../base/hash.ts";
import type { JsonObject } from "../base/json.ts";
import { metadataOf } from "./metadata.ts";
import type { Invocation } from "./metadata.ts";

export type ManifestHead = Invocation & {
  readonly projectName: string;
  /** `duckdb` */
  readonly adapterType: string;
};

/** What a manifest begins with, as JSON: all that is of one run. */
export const manifestHead = (facts: ManifestHead): string =>
  `{"metadata":${JSON.stringify(manifestMetadata(facts))}`;

export const manifestMetadata = (facts: ManifestHead): JsonObject => ({
  ...metadataOf("manifest", facts),
  project_name: facts.projectName,
  project_id: md5(facts.projectName),
  user_id: null,
  send_anonymous_usage_stats: false,
  adapter_type: facts.adapterType,
  quoting: { database: true, schema: true, identifier: true, column: null },
  run_started_at: facts.startedAt,
});
