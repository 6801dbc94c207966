import type { JsonObject } from "../base/json.ts";

/**
 * The release of dbt whose artifact schemas these files follow. Tools that read dbt's artifacts branch on
 * `metadata.dbt_version`, so it names what we are compatible with, not the version of Statloom.
 */
const compatibleDbtVersion = "1.11.6";

/** Of the command that writes artifacts. Instants are ISO 8601 in UTC. */
export type Invocation = {
  readonly invocationId: string;
  readonly startedAt: string;
  readonly generatedAt: string;
  /** What the user wants to find again in every artifact: {@link customEnvironment}. */
  readonly env: Readonly<Record<string, string>>;
};

const schemas = {
  manifest: "https://schemas.getdbt.com/dbt/manifest/v12.json",
  "run-results": "https://schemas.getdbt.com/dbt/run-results/v6.json",
  catalog: "https://schemas.getdbt.com/dbt/catalog/v1.json",
  sources: "https://schemas.getdbt.com/dbt/sources/v3.json",
} as const;

/** The keys that stand at the head of every artifact. */
export function metadataOf(artifact: keyof typeof schemas, invocation: Invocation): JsonObject {
  return {
    dbt_schema_version: schemas[artifact],
    dbt_version: compatibleDbtVersion,
    generated_at: invocation.generatedAt,
    invocation_id: invocation.invocationId,
    invocation_started_at: invocation.startedAt,
    env: invocation.env,
  };
}

const prefix = "DBT_ENV_CUSTOM_ENV_";

/** Variables named `DBT_ENV_CUSTOM_ENV_<key>`, by key, as dbt passes them on. */
export function customEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith(prefix) && value !== undefined ? [[name.slice(prefix.length), value] as const] : [],
  );
  return Object.fromEntries(entries);
}
