import type { Dialect } from "../dialects/dialect.ts";
import type { Relation } from "../graph/types.ts";
import { instantText } from "./microbatch/batches.ts";
import type { Span } from "./microbatch/batches.ts";

/** Where the warehouse remembers what was done, beside what was built: batches of time, loaded seeds. */
export const META_SCHEMA = "meta";

export const SEEDS_TABLE = "statloom_seeds";
const seeds: Relation = { database: null, schema: META_SCHEMA, identifier: SEEDS_TABLE };
const batches: Relation = { database: null, schema: META_SCHEMA, identifier: "statloom_batches" };

export const UNSETTLED_TABLE = "statloom_unsettled";
const unsettled: Relation = { database: null, schema: META_SCHEMA, identifier: UNSETTLED_TABLE };

export const unsettledTable = (dialect: Dialect): string =>
  `create table if not exists ${dialect.quoteRelation(unsettled)} (unique_id ${dialect.type("text")} not null)`;

export const readUnsettled = (dialect: Dialect): string =>
  `select unique_id from ${dialect.quoteRelation(unsettled)}`;

/** Statements that leave these ids and no others. */
export const writeUnsettled = (ids: readonly string[], dialect: Dialect): string[] => [
  `delete from ${dialect.quoteRelation(unsettled)}`,
  ...(ids.length === 0
    ? []
    : [
        `insert into ${dialect.quoteRelation(unsettled)} ${dialect.rowsOf(
          ["text"],
          ids.map((id) => [id]),
        )}`,
      ]),
];

/** Statements that make the tables where they are missing. */
export function metaTables(dialect: Dialect): string[] {
  const [text, timestamp] = [dialect.type("text"), dialect.type("timestamp")];
  return [
    `create table if not exists ${dialect.quoteRelation(batches)} (
  relation_schema ${text} not null,
  relation_name ${text} not null,
  batch_start ${timestamp} not null,
  batch_end ${timestamp} not null,
  completed_at ${timestamp} not null
)`,
    `create table if not exists ${dialect.quoteRelation(seeds)} (
  relation_schema ${text} not null,
  relation_name ${text} not null,
  fingerprint ${text} not null,
  loaded_at ${timestamp} not null
)`,
  ];
}

const ofRelation = ({ schema, identifier }: Relation, dialect: Dialect): string =>
  `relation_schema = ${dialect.literal(schema)} and relation_name = ${dialect.literal(identifier)}`;

/** Start and end of each span that a table holds, as `YYYY-MM-DD HH:MM:SS` in UTC. */
export const readBatches = (relation: Relation, dialect: Dialect): string =>
  `select batch_start, batch_end from ${dialect.quoteRelation(batches)} where ${ofRelation(relation, dialect)}`;

export const forgetBatches = (relation: Relation, dialect: Dialect): string =>
  `delete from ${dialect.quoteRelation(batches)} where ${ofRelation(relation, dialect)}`;

/** Schema, name and fingerprint of every seed that was loaded. */
export const readSeeds = (dialect: Dialect): string =>
  `select relation_schema, relation_name, fingerprint from ${dialect.quoteRelation(seeds)}`;

export function recordSeed(relation: Relation, fingerprint: string, now: number, dialect: Dialect): string[] {
  const { schema, identifier } = relation;
  const values = [schema, identifier, fingerprint].map((text) => dialect.literal(text));
  const table = dialect.quoteRelation(seeds);
  return [
    `delete from ${table} where ${ofRelation(relation, dialect)}`,
    `insert into ${table} values (${[...values, timestampOf(now, dialect)].join(", ")})`,
  ];
}

const timestampOf = (instant: number, dialect: Dialect): string =>
  `cast(${dialect.literal(instantText(instant).slice(0, 19))} as ${dialect.type("timestamp")})`;

/** What is known of batches with these starts is known no more. */
export const forgetSpans = (relation: Relation, spans: readonly Span[], dialect: Dialect): string =>
  `delete from ${dialect.quoteRelation(batches)} where ${ofRelation(relation, dialect)} and batch_start in (${spans
    .map(({ start }) => timestampOf(start, dialect))
    .join(", ")})`;

/** Spans that are done; what is known of the same starts is replaced. */
export function recordBatches(
  relation: Relation,
  spans: readonly Span[],
  now: number,
  dialect: Dialect,
): string[] {
  const time = (instant: number): string => timestampOf(instant, dialect);
  const { schema, identifier } = relation;
  const table = dialect.quoteRelation(batches);
  const rows = spans.map(
    ({ start, end }) =>
      `(${[dialect.literal(schema), dialect.literal(identifier), time(start), time(end), time(now)].join(", ")})`,
  );
  return [forgetSpans(relation, spans, dialect), `insert into ${table} values ${rows.join(", ")}`];
}
