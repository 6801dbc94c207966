import * as z from "zod";
import { freshnessSchema, loadedAtKeys } from "./freshness-schema.ts";
import {
  docsSchema,
  modelConfigSchema,
  nodeMeta,
  seedConfigSchema,
  snapshotConfigSchema,
  sourceConfigSchema,
  testConfigSchema,
} from "./config-schemas.ts";
import {
  access,
  deprecationDate,
  groupKey,
  groupSchema,
  includeExclude,
  versionId,
} from "./govern-schema.ts";
import { plainText } from "./plain-text.ts";

/** Property files (`*.yml`, `*.yaml` below models, seeds, macros and tests/data), in dbt's structure. */
const text = z.string().default("");
const meta = z.record(z.string(), z.json()).default({});
const tags = z.union([z.string().transform((tag) => [tag]), z.array(z.string())]).default([]);

/** A test is a name, or a map of one name to its arguments; read by `read-tests.ts`, which knows where arguments end and configuration begins. */
const testEntry = z.union([z.string(), z.record(z.string(), z.unknown())]).meta({ id: "test" });
const testList = z.array(testEntry);
const tests = testList.default([]);

/** What must hold of rows: told by name where it does not. `check` has an SQL expression, `foreign_key` columns of another relation. */
const constraint = {
  type: z.enum(["not_null", "unique", "primary_key", "check", "foreign_key"]),
  name: z.string().min(1).optional(),
  expression: z.string().trim().min(1).optional(),
  to: z.string().trim().min(1).optional(),
  to_columns: z.array(z.string().min(1)).optional(),
  /** Every constraint is enforced on every engine, so that there is no warning to switch off. */
  warn_unenforced: z.boolean().optional(),
  /** false: left out where it cannot be looked at, of an ephemeral model and of batches, which is a mistake else. */
  warn_unsupported: z.boolean().optional(),
};

export const columnSchema = z.strictObject({
  name: z.string().min(1),
  description: text,
  data_type: z.string().optional(),
  meta,
  tags,
  /** As dbt's newer projects have it; what it says wins. */
  config: z.strictObject({ meta, tags }).optional(),
  quote: z.boolean().default(false),
  constraints: z.array(z.strictObject(constraint)).default([]),
  tests,
  data_tests: tests,
});
const columns = z.array(columnSchema).default([]);

const node = { name: z.string().min(1), description: text, columns, tests, data_tests: tests };

const constraints = z.array(
  z.strictObject({ ...constraint, columns: z.array(z.string().min(1)).default([]) }),
);
/** Beside the name or under `config`, as dbt's older and newer projects have them. */
const owned = { group: groupKey.group.optional(), meta: nodeMeta.optional(), docs: docsSchema.optional() };

/** What is not said of a version is as the model has it. */
const versionSchema = z.strictObject({
  v: versionId,
  /** The file without its extension; else `<model>_v<v>` or `<model>.v<v>`, of the latest also `<model>`. */
  defined_in: z.string().min(1).optional(),
  description: z.string().optional(),
  access: access.optional(),
  config: modelConfigSchema.default({}),
  columns: z.array(z.union([includeExclude, columnSchema])).default([]),
  constraints: constraints.optional(),
  tests: testList.optional(),
  data_tests: testList.optional(),
  deprecation_date: deprecationDate.optional(),
});

export const modelSchema = z.strictObject({
  ...node,
  ...owned,
  access: access.optional(),
  constraints: constraints.default([]),
  config: modelConfigSchema.default({}),
  latest_version: versionId.optional(),
  deprecation_date: deprecationDate.optional(),
  versions: z.array(versionSchema).default([]),
});
export const seedSchema = z.strictObject({ ...node, ...owned, config: seedConfigSchema.default({}) });
export const snapshotSchema = z.strictObject({
  ...node,
  ...owned,
  /** `ref('orders')` or `source('shop', 'orders')` */
  relation: z.string().trim().min(1),
  config: snapshotConfigSchema.default({}),
});
export const dataTestSchema = z.strictObject({
  name: z.string().min(1),
  description: text,
  config: testConfigSchema.default({}),
});

const sourceCommon = {
  description: text,
  meta,
  tags,
  config: sourceConfigSchema.default({}),
  loader: z.string().optional(),
  ...loadedAtKeys,
  freshness: freshnessSchema.optional(),
};

const table = z.strictObject({
  ...sourceCommon,
  name: z.string().min(1),
  identifier: plainText.min(1).optional(),
  columns,
  tests,
  data_tests: tests,
});

export const sourceSchema = z.strictObject({
  ...sourceCommon,
  name: z.string().min(1),
  database: plainText.optional(),
  schema: plainText.optional(),
  /** The tables are vintages in the landing zone. */
  landing: z.boolean().default(false),
  tables: z.array(table).default([]),
});

export const macroSchema = z.strictObject({
  name: z.string().min(1),
  description: text,
  arguments: z
    .array(z.strictObject({ name: z.string(), type: z.string().optional(), description: text }))
    .default([]),
  meta,
  docs: docsSchema.prefault({}),
  config: z.strictObject({ meta, docs: docsSchema.optional() }).prefault({}),
});

export const exposureSchema = z.strictObject({
  name: z.string().min(1),
  label: z.string().optional(),
  type: z.enum(["dashboard", "notebook", "analysis", "ml", "application"]),
  owner: z.strictObject({ name: z.string().optional(), email: z.string().optional() }),
  url: z.string().optional(),
  maturity: z.enum(["high", "medium", "low"]).optional(),
  description: text,
  depends_on: z.array(z.string()).default([]),
  meta,
  tags,
  config: z.strictObject({ enabled: z.boolean().default(true), meta, tags }).prefault({}),
});

/** Rows as maps, or as text in CSV or SQL; or the name of a file below tests/fixtures. */
const fixture = {
  rows: z.union([z.string(), z.array(z.record(z.string(), z.json()))]).optional(),
  format: z.enum(["dict", "csv", "sql"]).optional(),
  fixture: z.string().min(1).optional(),
};
export const unitTestSchema = z.strictObject({
  name: z.string().min(1),
  /** What is tested: a model, or SQL of the test's own (for macros). */
  model: z.string().min(1).optional(),
  sql: z.string().min(1).optional(),
  /** Only up to this CTE of the model. */
  cte: z.string().min(1).optional(),
  description: text,
  /** Of a model that has several; else all of them are tested. */
  versions: z
    .strictObject({ include: z.array(versionId).optional(), exclude: z.array(versionId).optional() })
    .optional(),
  given: z.array(z.strictObject({ input: z.string().trim().min(1), ...fixture })).default([]),
  expect: z.strictObject(fixture),
  overrides: z
    .strictObject({
      macros: z.record(z.string(), z.json()).default({}),
      vars: z.record(z.string(), z.json()).default({}),
      env_vars: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
      /** What the clock says: an ISO 8601 instant. */
      now: z
        .string()
        .regex(/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/)
        .optional(),
    })
    .prefault({}),
  config: z.strictObject({ enabled: z.boolean().default(true), tags, meta }).prefault({}),
});

export const propertyFileSchema = z.strictObject({
  version: z.literal(2).optional(),
  models: z.array(modelSchema).default([]),
  seeds: z.array(seedSchema).default([]),
  snapshots: z.array(snapshotSchema).default([]),
  sources: z.array(sourceSchema).default([]),
  macros: z.array(macroSchema).default([]),
  data_tests: z.array(dataTestSchema).default([]),
  exposures: z.array(exposureSchema).default([]),
  unit_tests: z.array(unitTestSchema).default([]),
  groups: z.array(groupSchema).default([]),
});

export type UnitTestEntry = z.infer<typeof unitTestSchema>;
export type PropertyFile = z.infer<typeof propertyFileSchema>;
export type ModelEntry = z.infer<typeof modelSchema>;
export type VersionEntry = z.infer<typeof versionSchema>;
export type ColumnEntry = z.infer<typeof columnSchema>;
export type SourceEntry = z.infer<typeof sourceSchema>;
export type TestEntry = z.infer<typeof tests>[number];
