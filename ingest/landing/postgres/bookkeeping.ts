import { OperationError } from "../../../runner/base/errors.ts";
import type { Json } from "../../../runner/base/json.ts";
import { literal, quoteIdentifier } from "../../../runner/dialects/standard.ts";
import type { Session } from "./connection.ts";
import type { StagingNames } from "./names.ts";
import type { Slice } from "./slice-hash.ts";
import type { StagedCounts, StagingEdition } from "./staging.ts";

/** The tables in which staging keeps account of itself, beside those of the datasets. */
const TABLES = {
  batches: `
    sequence bigint generated always as identity primary key,
    batch_id text not null,
    publisher text not null,
    dataset text not null,
    table_name text not null,
    vintage text not null,
    edition_at timestamptz not null,
    extracted_at timestamptz not null,
    source text not null,
    sha256 text not null,
    key_columns text[] not null,
    rows_in bigint not null,
    inserted bigint not null,
    updated bigint not null,
    deleted bigint not null,
    unchanged bigint not null,
    rejected bigint not null,
    seconds double precision not null,
    loaded_at timestamptz not null default clock_timestamp()`,
  migrations: `
    sequence bigint generated always as identity primary key,
    table_name text not null,
    change text not null,
    name text not null,
    type text,
    batch_id text not null,
    vintage text not null,
    applied_at timestamptz not null default clock_timestamp()`,
  documents: `
    publisher text not null,
    dataset text not null,
    vintage text not null,
    source text not null,
    sha256 text not null,
    path text,
    header jsonb not null,
    loaded_at timestamptz not null default clock_timestamp(),
    primary key (publisher, dataset, vintage)`,
  slices: `
    table_name text not null,
    slice_column text not null,
    slice text not null,
    rows bigint not null,
    hash text not null,
    primary key (table_name, slice)`,
} as const;

const INDEXES = "create index batches_by_table on {batches} (table_name, sequence)";

export type Book = Readonly<Record<keyof typeof TABLES, string>>;

export function bookOf(schema: string): Book {
  const name = (table: string): string => `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
  return {
    batches: name("batches"),
    migrations: name("migrations"),
    documents: name("documents"),
    slices: name("slices"),
  };
}

/** Makes the schema and its bookkeeping where they are not there yet; a transaction of its own. */
export async function prepareSchema(session: Session, schema: string): Promise<void> {
  const [server] = await session.query<{ version: number; there: boolean }>(
    `select current_setting('server_version_num')::int as version, ${isThere(schema)} as there`,
  );
  if (server!.version < 140_000) {
    throw new OperationError("STAGING_OLD", "staging needs PostgreSQL 14 or newer", {
      hint: "the server in ingest.staging.url is older",
    });
  }
  if (server!.there) return;
  await lockName(session, `schema ${schema}`);
  const [again] = await session.query<{ schema: boolean; there: boolean }>(
    `select to_regnamespace(${literal(quoteIdentifier(schema))}) is not null as schema, ${isThere(schema)} as there`,
  );
  // Asked first: "if not exists" needs the right to make a schema even where there is one.
  if (!again!.schema) await session.query(`create schema ${quoteIdentifier(schema)}`);
  if (again!.there) return;
  const book = bookOf(schema);
  for (const [table, columns] of Object.entries(TABLES)) {
    await session.query(`create table ${book[table as keyof Book]} (${columns})`);
  }
  await session.query(INDEXES.replace("{batches}", book.batches));
}

const isThere = (schema: string): string => `to_regclass(${literal(bookOf(schema).batches)}) is not null`;

/** Holds a name until the transaction ends, so that two processes never work on the same thing. */
export async function lockName(session: Session, name: string): Promise<void> {
  await session.query(`select pg_advisory_xact_lock(hashtextextended(${literal(`statloom ${name}`)}, 0))`);
}

export type LastBatch = {
  readonly vintage: string;
  readonly editionAt: string;
  readonly keyColumns: readonly string[];
};

/** What the table was loaded with last, and whether `vintage` was ever loaded into it. */
export async function readBatches(
  session: Session,
  book: Book,
  table: string,
  vintage: string,
): Promise<{ last: LastBatch | undefined; known: boolean }> {
  const rows = await session.query<LastBatch & { known: boolean }>(`
    select vintage, to_char(edition_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "editionAt",
      to_json(key_columns)::text as "keyColumns",
      exists (select from ${book.batches} where table_name = ${literal(table)} and vintage = ${literal(vintage)}) as known
    from ${book.batches} where table_name = ${literal(table)} order by sequence desc limit 1`);
  const last = rows[0];
  if (last === undefined) return { last, known: false };
  const keyColumns = JSON.parse(String(last.keyColumns)) as string[];
  return { last: { ...last, keyColumns }, known: last.known };
}

export async function recordBatch(
  session: Session,
  book: Book,
  edition: StagingEdition,
  facts: {
    readonly table: string;
    readonly keyColumns: readonly string[];
    readonly counts: StagedCounts;
    readonly seconds: number;
  },
): Promise<void> {
  const { rows, inserted, updated, deleted, unchanged } = facts.counts;
  const values = {
    batch_id: edition.batchId,
    publisher: edition.publisher,
    dataset: edition.dataset,
    table_name: facts.table,
    vintage: edition.vintage,
    edition_at: editionAt(edition),
    extracted_at: edition.extractedAt,
    source: withoutNul(edition.source),
    sha256: edition.sha256,
    rows_in: rows,
    inserted,
    updated,
    deleted,
    unchanged,
    rejected: edition.rejected,
    seconds: facts.seconds,
  };
  const names = [...Object.keys(values), "key_columns"].join(", ");
  const literals = [...Object.values(values).map(literal), textArray(facts.keyColumns)].join(", ");
  await session.query(`insert into ${book.batches} (${names}) values (${literals})`);
}

export async function recordMigration(
  session: Session,
  book: Book,
  edition: StagingEdition,
  change: {
    readonly table: string;
    readonly change: string;
    readonly name: string;
    readonly type: string | null;
  },
): Promise<void> {
  const values = [change.table, change.change, change.name, change.type, edition.batchId, edition.vintage];
  await session.query(
    `insert into ${book.migrations} (table_name, change, name, type, batch_id, vintage) values (${values.map(literal).join(", ")})`,
  );
}

export async function recordDocument(session: Session, book: Book, edition: StagingEdition): Promise<void> {
  const { publisher, dataset, vintage, source, sha256, document } = edition;
  const values = [publisher, dataset, vintage, withoutNul(source), sha256, document ?? null].map(literal);
  await session.query(`
    insert into ${book.documents} (publisher, dataset, vintage, source, sha256, path, header)
    values (${values.join(", ")}, ${literal(jsonbText(edition.header))}::jsonb)
    on conflict (publisher, dataset, vintage) do nothing`);
}

export async function readSlices(
  session: Session,
  book: Book,
  table: string,
  column: string | null,
): Promise<Map<string, Slice>> {
  const rows = await session.query<{ slice: string; rows: string; hash: string }>(
    `select slice, rows, hash from ${book.slices} where table_name = ${literal(table)} and slice_column = ${literal(column ?? "")}`,
  );
  return new Map(rows.map(({ slice, rows: count, hash }) => [slice, { rows: Number(count), hash }]));
}

export async function writeSlices(
  session: Session,
  book: Book,
  names: StagingNames,
  column: string | null,
  slices: ReadonlyMap<string, Slice>,
): Promise<void> {
  await session.query(`delete from ${book.slices} where table_name = ${literal(names.table)}`);
  if (slices.size === 0) return;
  const rows = [...slices].map(
    ([slice, { rows: count, hash }]) =>
      `(${[names.table, column ?? "", slice, count, hash].map(literal).join(", ")})`,
  );
  await session.query(
    `insert into ${book.slices} (table_name, slice_column, slice, rows, hash) values ${rows.join(", ")}`,
  );
}

/** When an edition was put out: as the publisher says, else when it was read. */
export const editionAt = ({ updated, extractedAt }: StagingEdition): string => updated ?? extractedAt;

const textArray = (texts: readonly string[]): string => `array[${texts.map(literal).join(", ")}]::text[]`;

const withoutNul = (text: string): string => text.replaceAll("\0", "�");

/** jsonb holds neither NUL nor half a surrogate pair, which JSON may spell. */
function jsonbText(header: Json): string {
  const clean = (value: Json): Json => {
    if (typeof value === "string") return withoutNul(value).toWellFormed();
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [clean(key) as string, clean(inner)]),
    );
  };
  return JSON.stringify(clean(header));
}
