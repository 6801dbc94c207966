import { z } from "zod";

/** The part of dbt's artifacts that the site shows; whatever else they hold is let through and dropped. */
const text = z.string().catch("");
const optionalText = z.string().nullish();
const ids = z.array(z.string()).catch([]);

const column = z.object({ name: z.string(), description: text, data_type: optionalText });

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
  config: z.object({ materialized: optionalText, severity: optionalText }).catch({}),
  schema: optionalText,
  relation_name: optionalText,
  raw_code: text,
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
  owner: z.object({ name: optionalText, email: z.unknown().optional() }).nullish(),
});

export const manifestSchema = z.object({
  metadata: z.object({ project_name: z.string().nullish(), adapter_type: optionalText, generated_at: text }),
  nodes: z.record(z.string(), node),
  sources: z.record(z.string(), node),
  exposures: z.record(z.string(), node),
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
  metadata: z.object({ generated_at: text }),
  elapsed_time: z.number(),
  args: z.object({ which: optionalText }).catch({}),
  results: z.array(
    z.object({
      unique_id: z.string(),
      status: z.string(),
      message: optionalText,
      failures: z.number().nullish(),
      execution_time: z.number(),
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
};
