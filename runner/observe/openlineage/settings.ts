import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rememberSecret } from "../../base/secrets.ts";
import type { OpenLineageConfig } from "../../project/openlineage-schema.ts";

/** A run somewhere else that this one is part of. */
export type OuterRun = { readonly namespace: string; readonly name: string; readonly runId: string };

/** Where events of a run go and what they say of it; null for both places is nowhere. */
export type LineageSettings = {
  readonly address: string | null;
  readonly apiKey: string;
  /** Absolute. */
  readonly file: string | null;
  /** Of jobs; null: the project's own. */
  readonly namespace: string | null;
  readonly columns: boolean;
  readonly parent: OuterRun | null;
  readonly root: OuterRun | null;
};

type Env = Readonly<Record<string, string | undefined>>;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What the project says, and the environment where it says nothing; null: nobody wants to know. */
export function lineageSettings(config: OpenLineageConfig, env: Env, root: string): LineageSettings | null {
  if (env["OPENLINEAGE_DISABLED"]?.trim().toLowerCase() === "true") return null;
  const given = config.url ?? env["OPENLINEAGE_URL"] ?? "";
  const named = fileOf(given);
  const url = named === null ? given : "";
  const file = config.file ? join(root, config.file) : named;
  if (url === "" && file === null) return null;
  const apiKey = config.api_key ?? env["OPENLINEAGE_API_KEY"] ?? "";
  rememberSecret(apiKey);
  const endpoint = config.endpoint ?? env["OPENLINEAGE_ENDPOINT"] ?? "api/v1/lineage";
  const parent = outerRun(env["OPENLINEAGE_PARENT_ID"]);
  return {
    address: url === "" ? null : `${url.replace(/\/+$/, "")}/${endpoint.replace(/^\/+/, "")}`,
    apiKey,
    file,
    namespace: config.namespace ?? (env["OPENLINEAGE_NAMESPACE"] || null),
    columns: config.columns,
    parent,
    root: outerRun(env["OPENLINEAGE_ROOT_PARENT_ID"]) ?? parent,
  };
}

/** The file of `file:///var/log/lineage.ndjson`; null: the address is another, or names a file of another machine. */
function fileOf(url: string): string | null {
  if (!url.startsWith("file:")) return null;
  try {
    return fileURLToPath(url);
  } catch {
    return null;
  }
}

/** `namespace/job/run id`, as orchestrators hand it down; slashes belong to the names. */
function outerRun(text: string | undefined): OuterRun | null {
  const parts = text?.split("/") ?? [];
  const runId = parts.pop() ?? "";
  const name = parts.pop() ?? "";
  const namespace = parts.join("/");
  return UUID.test(runId) && name !== "" && namespace !== "" ? { namespace, name, runId } : null;
}
