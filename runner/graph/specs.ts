import type { FunctionSpec, GlobalSpec, GlobalSpecs, Parameter } from "../template/types.ts";

const text = (name: string, required = true): Parameter => ({ name, required, kind: "text" });
const any = (name: string, required = true): Parameter => ({ name, required });
const call = (...parameters: Parameter[]): FunctionSpec => ({ kind: "function", parameters });

/** Parameters of the calls that tell lineage; read again where the graph is linked. */
export const REF_PARAMETERS = ["model_or_package", "model", "version", "v"] as const;
export const SOURCE_PARAMETERS = ["source", "table", "vintage", "part"] as const;
export const VAR_PARAMETERS = ["name", "default"] as const;

/**
 * What templates may say besides macros. What each means is supplied when SQL is compiled (`runner/plan/compile-context.ts`);
 * here is only its shape, so that mistakes are found before anything is rendered.
 */
export const globalSpecs: GlobalSpecs = new Map<string, GlobalSpec>([
  ["ref", call(text("model_or_package"), text("model", false), any("version", false), any("v", false))],
  ["source", call(text("source"), text("table"), text("vintage", false), text("part", false))],
  ["var", call(text("name"), any("default", false))],
  ["env_var", call(text("name"), any("default", false))],
  ["run_query", call(any("sql"))],
  [
    "get_column_values",
    call(
      any("table"),
      any("column"),
      any("order_by", false),
      any("max_records", false),
      any("where", false),
      any("default", false),
    ),
  ],
  ["execute", { kind: "value", fields: [], returns: "boolean" }],
  ["config", { kind: "function", parameters: [], anyKeyword: true }],
  ["doc", call(text("package_or_name"), text("name", false))],
  ["is_incremental", { ...call(), returns: "boolean" }],
  ["get_where_subquery", call(any("relation"), text("alias", false))],
  ["this", { kind: "value", fields: ["database", "schema", "identifier", "name"] }],
  [
    "model",
    {
      kind: "value",
      fields: (
        "name alias schema database identifier unique_id resource_type package_name path original_file_path fqn tags meta " +
        "description version config columns depends_on batch"
      ).split(" "),
    },
  ],
  ["flags", { kind: "value", fields: "WHICH FULL_REFRESH EMPTY FAIL_FAST STORE_FAILURES".split(" ") }],
  ["target", { kind: "value", fields: ["name", "type", "schema", "threads"] }],
  ["invocation_id", { kind: "value", fields: [] }],
  ["run_started_at", { kind: "value", fields: [] }],
]);

/** Calls that ask the warehouse while SQL is compiled. */
export const INTROSPECTIVE: ReadonlySet<string> = new Set(["run_query", "get_column_values"]);

/** What hooks of a whole run may say: `on-run-end` knows what became of the nodes, and in which schemas there are any. */
export const specsWithResults: GlobalSpecs = new Map<string, GlobalSpec>([
  ...[...globalSpecs].filter(([name]) => name !== "this" && name !== "model"),
  ["results", { kind: "value" }],
  ["schemas", { kind: "value", fields: [] }],
]);

/** What `query-comment` may say. */
export const specsOfComment: GlobalSpecs = new Map<string, GlobalSpec>([
  ...[...globalSpecs].filter(([name]) => ["var", "env_var", "target", "invocation_id"].includes(name)),
  ["node_id", { kind: "value", fields: [] }],
]);

/** Where there is no table of one's own: tests, exposures, SQL that is no node's. `this` and `model` would be nothing there. */
export const specsWithoutThis: GlobalSpecs = new Map(
  [...globalSpecs].filter(([name]) => name !== "this" && name !== "model"),
);
