import * as z from "zod";
import { alertsSchema } from "./alerts-schema.ts";
import { historySchema } from "./freshness-schema.ts";
import { openLineageSchema } from "./openlineage-schema.ts";
import { scheduleSchema } from "./schedule-schema.ts";

/** `sql_project.yaml`. Folder trees (`models:` …) are checked by `folder-configs.ts`, which knows where a config ends and a folder begins. */
const name = z
  .string()
  .regex(/^[a-z_][a-z0-9_]*$/i, "must be letters, digits and underscores, not starting with a digit");

/** What a variable of the environment holds is text: `threads: "${THREADS}"`. */
const digitsOr = (number: z.ZodNumber) =>
  z.union([number, z.string().regex(/^\d+$/, "must be a number").transform(Number).pipe(number)]);

export const duckDbTargetSchema = z.strictObject({
  type: z.literal("duckdb"),
  path: z.string().min(1),
  /** A copy for readers, replaced whole after each run that succeeds. */
  publish: z.string().min(1).optional(),
  schema: z.string().min(1).default("main"),
  threads: digitsOr(z.number().int().min(1).max(64)).default(4),
  /** A landing zone of this target's own; else `ingest.landing`. */
  landing: z.string().min(1).optional(),
  settings: z
    .record(
      z.string().regex(/^[a-z_]+$/, "must hold names of DuckDB settings"),
      z.union([z.string(), z.number(), z.boolean()]),
    )
    .default({}),
});

const milliseconds = z.union([
  z.number().int().min(0),
  z.string().regex(/^\d+(ms|s|min|h|d)?$/, 'must be milliseconds, or a number with a unit: "30s"'),
]);

/** A server, by URL, by parts, or by the `PG*` variables that psql knows; what is said here goes before the URL, and that before them. */
export const postgresTargetSchema = z.strictObject({
  type: z.literal("postgres"),
  /** `postgres://user:password@host:5432/database?sslmode=require`; empty: none. */
  url: z.string().optional(),
  host: z.string().min(1).optional(),
  port: digitsOr(z.number().int()).optional(),
  user: z.string().min(1).optional(),
  password: z.string().optional(),
  dbname: z.string().min(1).optional(),
  sslmode: z.enum(["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]).optional(),
  /** Certificates and key, relative to the project. */
  sslrootcert: z.string().min(1).optional(),
  sslcert: z.string().min(1).optional(),
  sslkey: z.string().min(1).optional(),
  application_name: z.string().min(1).max(63).optional(),
  /** Seconds. */
  connect_timeout: digitsOr(z.number().int().min(1)).optional(),
  schema: z.string().min(1).default("public"),
  threads: digitsOr(z.number().int().min(1).max(64)).default(4),
  /** A landing zone of this target's own; else `ingest.landing`. */
  landing: z.string().min(1).optional(),
  statement_timeout: milliseconds.optional(),
  lock_timeout: milliseconds.optional(),
  search_path: z
    .union([
      z
        .string()
        .min(1)
        .transform((one) => [one]),
      z.array(z.string().min(1)),
    ])
    .optional(),
  role: z.string().min(1).optional(),
  settings: z
    .record(
      z.string().regex(/^[a-z_]+(\.[a-z_]+)?$/, "must hold names of PostgreSQL's parameters"),
      z.union([z.string(), z.number(), z.boolean()]),
    )
    .default({}),
});

/** Templates of SQL, a statement each. */
const runHooks = z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]);

/** dbt's: text, or where it goes; `null`, `false` and an empty text are none. */
const queryComment = z
  .union([
    z.literal(false),
    z.string(),
    z.strictObject({ comment: z.string().optional(), append: z.boolean().default(false) }),
  ])
  .nullable()
  .default({ append: false });

const tree = z.record(z.string(), z.unknown()).default({});

const driftAction = z.enum(["accept", "warn", "fail"]);

/** What a new edition may change against the one before it; what is not said here is as `ingest/landing/drift-policy.ts` has it. */
export const driftSchema = z.strictObject({
  dimension_added: driftAction.optional(),
  dimension_removed: driftAction.optional(),
  dimensions_reordered: driftAction.optional(),
  /** For all dimensions, or column by column; `default` stands for those that are not named. */
  codes_gone: z.union([driftAction, z.record(z.string(), driftAction)]).optional(),
  decimals_changed: driftAction.optional(),
  rows_fallen: driftAction.optional(),
  /** The share of rows that may be missing before `rows_fallen` applies. */
  rows_fallen_by: z.number().min(0).max(1).optional(),
});

const code = z.union([z.string().min(1), z.number().transform(String)]);
/** YAML reads `2024` as a number; codes are texts. */
const codes = z.union([code.transform((one) => [one]), z.array(code).min(1)]);

/** One dataset by its code, or all that a pattern, a theme or a keyword of the catalogue finds. */
export const datasetSchema = z
  .strictObject({
    publisher: z.string().min(1),
    /** `hlth_silc_13`, or a pattern: `hlth_*`. */
    code: z.string().min(1).optional(),
    /** Code or title of a branch of the catalogue, with all that is below it. */
    theme: z.string().min(1).optional(),
    /** A word of titles and themes. */
    keyword: z.string().min(1).optional(),
    /** Codes or patterns that are not meant. */
    exclude: z.array(z.string().min(1)).default([]),
    /** Where the document is, for publishers of files. */
    url: z.string().min(1).optional(),
    /** Codes by dimension, as published; a dimension that is not named comes whole. */
    filters: z.record(z.string().min(1), codes).default({}),
    /** First and last period, as published; or only the last so many. */
    since: code.optional(),
    until: code.optional(),
    last: z.number().int().positive().optional(),
    language: z.string().min(2).optional(),
    /** What becomes of codes under `filters` that the publisher does not know: nothing lands, or a warning. */
    unknown_codes: z.enum(["fail", "warn"]).default("fail"),
    /** Dimensions whose codes become folders, `geo=DE/part-0.parquet`, or `year`: of the start of the period. */
    partition_by: z.array(z.string()).default([]),
    /** A cron pattern in the publisher's time zone; checked when the project is read. */
    schedule: z.string().optional(),
    /** Rejected cells that are still accepted: a share below 1, or a count. */
    max_rejected: z.number().min(0).optional(),
    /** Keep the document itself in each vintage, compressed. */
    keep_document: z.boolean().optional(),
    drift: driftSchema.optional(),
  })
  .refine(({ code, theme, keyword }) => [code, theme, keyword].filter(Boolean).length === 1, {
    message: 'needs one of "code", "theme" and "keyword"',
  });

/** Where a publisher is and how often it may be asked; what is not said is as `ingest/publishers/registry.ts` has it. */
export const publisherSchema = z.strictObject({
  type: z.enum(["eurostat", "pxweb", "pxweb-v1", "pxstat", "files"]).optional(),
  /** Up to, and without, what differs between datasets: `https://data.ssb.no/api/pxwebapi/v2`. */
  url: z.string().min(1).optional(),
  language: z.string().min(2).optional(),
  /** Of its days and of schedules: `Europe/Oslo`. */
  time_zone: z.string().min(1).optional(),
  /** Requests at the same time. */
  concurrency: z.number().int().min(1).max(32).optional(),
  /** At most so many requests in so many seconds. */
  calls: z.number().int().positive().optional(),
  seconds: z.number().positive().optional(),
  /** Cells that one answer may have. */
  max_cells: z.number().int().positive().optional(),
  /** Other hosts that it may redirect to. */
  redirect_hosts: z.array(z.string().min(1)).default([]),
});

/** Tables in PostgreSQL that hold the newest edition of each dataset. An empty `url` is none: `"${STATLOOM_STAGING_URL:-}"`. */
export const stagingSchema = z.strictObject({
  url: z.string(),
  schema: name.default("staging"),
  /** Of tables that are made from now on: a partition for each year that periods start in. */
  partition_by_period: z.literal("year").optional(),
  /** What the table `documents` keeps of each edition. */
  keep_documents: z.enum(["header", "none"]).default("header"),
});

export const ingestSchema = z.strictObject({
  landing: z.string().min(1).default("data/landing"),
  max_rejected: z.number().min(0).optional(),
  keep_document: z.boolean().default(false),
  drift: driftSchema.optional(),
  staging: stagingSchema.optional(),
  /** Publishers of your own, and changes to those that are known: by name. */
  publishers: z.record(z.string(), publisherSchema).default({}),
  datasets: z.array(datasetSchema).default([]),
  schedule: scheduleSchema.prefault({}),
});

const version = z.union([z.string(), z.number().transform(String)]).default("1.0");

/** A folder, relative to the file, or an installed npm package, whose version may have to be in a range. */
export const packageEntrySchema = z.union([
  z.strictObject({ local: z.string().min(1) }),
  z.strictObject({
    npm: z.string().regex(/^(?:@[\w.-]+\/)?[\w.-]+$/, "must be the name of an npm package"),
    version: z.string().optional(),
  }),
]);
const packages = z.array(packageEntrySchema).default([]);

/** What holds in a package as well as in a project. */
const shared = {
  name,
  version,
  packages,
  /** Others may refer to its public models alone. */
  "restrict-access": z.boolean().default(false),
  vars: z.record(z.string(), z.json()).default({}),
  "on-run-start": runHooks,
  "on-run-end": runHooks,
  models: tree,
  seeds: tree,
  snapshots: tree,
  tests: tree,
  /** What dbt calls `tests` today; both may be said. */
  data_tests: tree,
  sources: tree,
};

/** `sql_project.yaml` of a package, without what only a project of its own needs. */
export const packageFileSchema = z.strictObject(shared);

export const targetSchema = z.discriminatedUnion("type", [duckDbTargetSchema, postgresTargetSchema]);

export const projectFileSchema = z.strictObject({
  ...shared,
  target: z.string(),
  targets: z.record(z.string(), targetSchema),
  "query-comment": queryComment,
  ingest: ingestSchema.prefault({}),
  alerts: alertsSchema.prefault({}),
  history: historySchema.prefault({}),
  openlineage: openLineageSchema.prefault({}),
});

export type PostgresTargetConfig = z.infer<typeof postgresTargetSchema>;
export type ProjectFile = z.infer<typeof projectFileSchema>;
export type PackageFile = z.infer<typeof packageFileSchema>;
export type PackageEntry = z.infer<typeof packageEntrySchema>;
export type DatasetConfig = z.infer<typeof datasetSchema>;
export type PublisherConfig = z.infer<typeof publisherSchema>;
export type DriftConfig = z.infer<typeof driftSchema>;
export type StagingConfig = z.infer<typeof stagingSchema>;
