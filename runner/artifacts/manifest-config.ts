import type { JsonObject } from "../base/json.ts";
import type { GraphNode, ModelConfig } from "../graph/types.ts";

/** What dbt writes for every buildable node and we have no key for: its own defaults. */
const dbtDefaults = {
  database: null,
  group: null,
  batch_size: null,
  lookback: 1,
  begin: null,
  persist_docs: {},
  "post-hook": [],
  "pre-hook": [],
  quoting: {},
  column_types: {},
  full_refresh: null,
  unique_key: null,
  on_schema_change: "ignore",
  on_configuration_change: "apply",
  grants: {},
  packages: [],
  contract: { enforced: false, alias_types: true },
  event_time: null,
  concurrent_batches: null,
} satisfies JsonObject;

/** A node's resolved config in dbt's words; keys that only we have come along as extras. */
export function manifestConfig(node: GraphNode): JsonObject {
  switch (node.resourceType) {
    case "model":
      return modelConfig(node.config);
    case "seed":
      return { ...dbtDefaults, materialized: "seed", incremental_strategy: null, ...node.config };
    case "test":
      return {
        ...node.config,
        database: null,
        group: null,
        materialized: "test",
        store_failures_as: null,
      };
  }
}

/** dbt's spellings: one key as text, none as null; a strategy only where there is something to increment. */
function modelConfig(config: ModelConfig): JsonObject {
  const { unique_key: keys, incremental_predicates: predicates } = config;
  return {
    ...dbtDefaults,
    ...config,
    incremental_strategy: config.materialized === "incremental" ? config.incremental_strategy : null,
    unique_key: keys.length === 0 ? null : keys.length === 1 ? keys[0]! : keys,
    incremental_predicates: predicates.length === 0 ? null : predicates,
    access: "protected",
    freshness: null,
  };
}
