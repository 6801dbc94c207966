import * as z from "zod";
import type { NodeLineage } from "../graph/columns/types.ts";
import type { ExploreFiles } from "./explore-files.ts";
import type { Observed } from "./observed.ts";

/** The part of dbt's artifacts that the site shows; whatever else they hold is let through and dropped. */
const text = z.string().catch("");
const optionalText = z.string().nullish();
const ids = z.array(z.string()).catch([]);

const column = z.object({ name: z.string(), description: text, data_type: optionalText });

const meta = z.record(z.string(), z.unknown()).catch({});
const owner = z.object({ name: optionalText, email: z.unknown().optional() }).nullish().catch(null);

const node = z.object({
  unique_id: z.string(),
  resource_type: z.string(),
  name: z.string(),
  package_name: text,
  original_file_path: text,
  fqn: ids,
  description: text,
  tags: ids,
  columns: z.record(z.string(), column).catch({}),
  config: z
    .looseObject({
      materialized: optionalText,
      severity: optionalText,
      group: optionalText,
      meta: meta.optional(),
    })
    .catch({}),
  meta: meta.optional(),
  schema: optionalText,
  relation_name: optionalText,
  raw_code: text,
  docs: z.object({ show: z.boolean() }).nullish().catch(null),
  compiled_code: optionalText,
  depends_on: z.object({ nodes: ids }).catch({ nodes: [] }),
  column_name: optionalText,
  attached_node: optionalText,
  test_metadata: z.object({ name: z.string() }).nullish(),
  // sources
  source_name: optionalText,
  source_description: optionalText,
  loader: optionalText,
  // exposures
  label: optionalText,
  type: optionalText,
  url: optionalText,
  owner,
  // models
  access: optionalText,
  group: optionalText,
  version: z.union([z.string(), z.number()]).nullish().catch(null),
  latest_version: z.union([z.string(), z.number()]).nullish().catch(null),
  deprecation_date: optionalText,
  contract: z.object({ enforced: z.boolean() }).nullish().catch(null),
});

export const manifestSchema = z.object({
  metadata: z.object({ project_name: z.string().nullish(), adapter_type: optionalText, generated_at: text }),
  nodes: z.record(z.string(), node),
  sources: z.record(z.string(), node),
  exposures: z.record(z.string(), node),
  unit_tests: z.record(z.string(), node).catch({}),
  groups: z.record(z.string(), z.object({ name: z.string(), owner })).catch({}),
  docs: z.record(z.string(), z.object({ name: z.string(), block_contents: text })).catch({}),
  parent_map: z.record(z.string(), ids),
});

const catalogTable = z.object({
  metadata: z.object({ type: text }),
  columns: z.record(z.string(), z.object({ name: z.string(), type: text, index: z.number() })),
});
export const catalogSchema = z.object({
  nodes: z.record(z.string(), catalogTable),
  sources: z.record(z.string(), catalogTable),
});

export const runResultsSchema = z.object({
  metadata: z.object({ generated_at: text, invocation_id: text }),
  elapsed_time: z.number(),
  args: z.object({ which: optionalText }).catch({}),
  results: z.array(
    z.object({
      unique_id: z.string(),
      status: z.string(),
      message: optionalText,
      failures: z.number().nullish(),
      execution_time: z.number(),
      thread_id: text,
      timing: z
        .array(z.object({ name: z.string(), started_at: optionalText, completed_at: optionalText }))
        .catch([]),
      adapter_response: z.object({ rows_affected: z.number().nullish() }).catch({}),
    }),
  ),
});

export const freshnessSchema = z.object({
  results: z.array(
    z.object({
      unique_id: z.string(),
      status: z.string(),
      max_loaded_at: optionalText,
      error: z.unknown().optional(),
    }),
  ),
});

export type ManifestFile = z.infer<typeof manifestSchema>;
export type ManifestFileNode = z.infer<typeof node>;
export type CatalogFile = z.infer<typeof catalogSchema>;
export type RunResultsFile = z.infer<typeof runResultsSchema>;
export type FreshnessFile = z.infer<typeof freshnessSchema>;

/** What the site is made from. Only the manifest must be there. */
export type SiteArtifacts = {
  readonly manifest: ManifestFile;
  readonly catalog: CatalogFile | null;
  readonly runResults: RunResultsFile | null;
  readonly freshness: FreshnessFile | null;
  /** What the artifacts do not hold; null where the warehouse was not asked. */
  readonly observed: Observed | null;
  /** Where columns come from, by unique id, where somebody looked. */
  readonly lineage?: ReadonlyMap<string, NodeLineage> | undefined;
  /** Tables that can be queried in the browser, where any are. */
  readonly explore?: ExploreFiles | undefined;
};
