import * as z from "zod";
import { parseInstant } from "../base/instants.ts";
import { effortKeys, onErrorKey } from "./effort-config.ts";
import { freshnessSchema, loadedAtKeys } from "./freshness-schema.ts";
import { access, groupKey, pointerKey } from "./govern-schema.ts";
import { plainText } from "./plain-text.ts";
import { partitioning, relationKeys } from "./relation-config.ts";

/**
 * What may be said about a node, in `sql_project.yaml` (with a `+`), in a property file under `config:` and in the file's own `config()`.
 * One schema serves all three places, the errors and the JSON Schemas. A key that is accepted is a key that is obeyed.
 */
const tags = z.union([plainText.transform((tag) => [tag]), z.array(plainText)]);
export const nodeMeta = z.record(z.string(), z.json());
const names = z.union([plainText.transform((name) => [name]), z.array(plainText).min(1)]);
/** One name or several, kept as written. */
const keys = z.union([plainText, z.array(plainText).min(1)]);
const sql = z.string().trim().min(1);
/** As in dbt, null takes back what a folder outside says. */
const identifier = plainText.min(1).max(255);
const identifierOrNone = identifier.nullable();
export const docsSchema = z.strictObject({ show: z.boolean().optional(), node_color: z.string().optional() });

const hook = z.union([
  sql.transform((text) => ({ sql: text, transaction: true })),
  z.strictObject({ sql, transaction: z.boolean().default(true) }),
]);
const hookList = z.union([hook.transform((one) => [one]), z.array(hook)]);
/** SQL templates that run before and after a node is built; dbt's two spellings. */
const hooks = { pre_hook: hookList, post_hook: hookList, "pre-hook": hookList, "post-hook": hookList };

/** When `build --changed` builds it: as it is known (`auto`), always, only by what is known of it, or also after some time. */
const changed = z.union([
  z.enum(["auto", "always", "known"]),
  z.strictObject({
    every: z.strictObject({ count: z.number().int().positive(), period: z.enum(["minute", "hour", "day"]) }),
  }),
]);

/** Whether a relation's tests are run before anybody else can see what was built. */
const audit = z.enum(["before_publish", "after_publish"]);
/** Rows that tests find are moved away, up to a share of all. */
const quarantine = z.union([
  z.boolean().transform((on): { max_share?: number | undefined } | null => (on ? {} : null)),
  z.strictObject({ max_share: z.number().positive().max(1).optional() }),
]);

const common = { enabled: z.boolean(), tags, meta: nodeMeta };
/** The column that says when a row happened: batches of models below filter by it. */
const eventTime = { event_time: identifierOrNone };
const relation = {
  ...groupKey,
  schema: identifierOrNone,
  alias: identifierOrNone,
  docs: docsSchema,
  ...eventTime,
  ...hooks,
  ...relationKeys,
  ...effortKeys,
  ...onErrorKey,
  audit,
};
/** SQL that runs before the node's own, in its session: settings, temporary functions. */
const header = { sql_header: sql.nullable() };

export const modelConfigSchema = z
  .strictObject({
    ...common,
    ...relation,
    ...header,
    ...pointerKey,
    access,
    materialized: z.enum(["view", "table", "ephemeral", "incremental", "materialized_view", "external"]),
    unique_key: keys.nullable(),
    incremental_strategy: z
      .enum(["append", "delete+insert", "merge", "insert_overwrite", "microbatch"])
      .nullable(),
    on_schema_change: z.enum(["ignore", "fail", "append_new_columns", "sync_all_columns"]),
    merge_update_columns: names.nullable(),
    merge_exclude_columns: names.nullable(),
    /** `when matched and (…)`, `when not matched and (…)`; SQL on `DBT_INTERNAL_SOURCE` and `DBT_INTERNAL_DEST`. */
    merge_update_condition: sql.nullable(),
    merge_insert_condition: sql.nullable(),
    /** Columns or expressions of them; or how the engine divides the table. */
    partition_by: z.union([names, partitioning]).nullable(),
    unlogged: z.boolean(),
    /** Written in DuckDB's dialect and translated for other engines. */
    portable: z.boolean(),
    /** Of materialized views whose SQL or indexes are others than they were. */
    on_configuration_change: z.enum(["apply", "continue", "fail"]),
    begin: z
      .string()
      .refine((text) => parseInstant(text) !== null, 'must be a day or an instant: "2024-01-01"')
      .nullable(),
    batch_size: z.enum(["hour", "day", "month", "year"]).nullable(),
    lookback: z.number().int().min(0),
    /** Of microbatch: batches do not read what others write. */
    concurrent_batches: z.boolean(),
    incremental_predicates: names.nullable(),
    /** Of external: a path inside the project, how it is written, and what the engine is told besides. */
    location: plainText.trim().min(1),
    format: z.enum(["parquet", "csv", "json"]),
    options: z.record(
      z
        .string()
        .regex(
          /^(?!format$|partition|overwrite|write_)[a-z_]+$/,
          "must hold options of the engine's COPY; format and partition_by stand beside them",
        ),
      z.union([z.string(), z.number(), z.boolean()]),
    ),
    full_refresh: z.boolean().nullable(),
    /** How old what the model holds may be; without a place to read it, when it was last built counts. */
    freshness: freshnessSchema,
    ...loadedAtKeys,
    changed,
    /** Columns and types of the query are those of the property file, or nothing is built. */
    contract: z.strictObject({ enforced: z.boolean(), alias_types: z.boolean() }).partial(),
    quarantine,
  })
  .partial();

export const seedConfigSchema = z
  .strictObject({
    ...common,
    ...relation,
    column_types: z.record(z.string(), z.string()),
    delimiter: z.string().length(1, "must be one character"),
  })
  .partial();

/** As in dbt; what each strategy needs is checked where nodes are made. */
export const snapshotConfigSchema = z
  .strictObject({
    ...common,
    changed,
    ...relation,
    ...header,
    strategy: z.enum(["timestamp", "check"]),
    unique_key: keys,
    updated_at: identifierOrNone,
    check_cols: z.union([z.literal("all"), z.array(z.string()).min(1)]).nullable(),
    hard_deletes: z.enum(["ignore", "invalidate", "new_record"]),
    /** SQL that stands where the end of a current row would be null. */
    dbt_valid_to_current: sql.nullable(),
    snapshot_meta_column_names: z
      .strictObject({
        dbt_valid_from: identifier,
        dbt_valid_to: identifier,
        dbt_scd_id: identifier,
        dbt_updated_at: identifier,
        dbt_is_deleted: identifier,
      })
      .partial(),
  })
  .partial();

/** Comparison with the number of failures, as in dbt, or with their share of the rows: `>10`, `!= 0`, `> 0.5 %`. */
const comparison = z
  .string()
  .regex(
    /^\s*(?:=|==|!=|<>|<=|>=|<|>)\s*-?\d+(?:\.\d+)?\s*%?\s*$/,
    'must be a comparison such as ">10" or "> 0.5 %"',
  );

/** `> 0.5 %`: the share of the rows counts, not their number. */
export const isShare = (comparison: string): boolean => comparison.trimEnd().endsWith("%");

export const testConfigSchema = z
  .strictObject({
    changed,
    ...common,
    ...groupKey,
    ...effortKeys,
    /** In any case, and kept as written. */
    severity: z.string().regex(/^(?:error|warn)$/i, 'must be one of "error", "warn"'),
    where: z.string().nullable(),
    limit: z.number().int().positive().nullable(),
    fail_calc: z.string(),
    warn_if: comparison,
    error_if: comparison,
    store_failures: z.boolean().nullable(),
    store_failures_as: z.enum(["table", "view", "ephemeral"]).nullable(),
    store_failures_limit: z.number().int().positive(),
    schema: identifierOrNone,
    alias: identifierOrNone,
  })
  .partial();

export const sourceConfigSchema = z
  .strictObject({ ...common, ...eventTime, ...loadedAtKeys, freshness: freshnessSchema })
  .partial();

export type ModelConfigInput = z.infer<typeof modelConfigSchema>;
export type SnapshotConfigInput = z.infer<typeof snapshotConfigSchema>;
export type SeedConfigInput = z.infer<typeof seedConfigSchema>;
export type TestConfigInput = z.infer<typeof testConfigSchema>;
export type SourceConfigInput = z.infer<typeof sourceConfigSchema>;
