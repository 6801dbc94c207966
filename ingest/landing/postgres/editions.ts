import { literal, quoteIdentifier } from "../../../runner/dialects/standard.ts";
import type { Book } from "./bookkeeping.ts";
import type { Session } from "./connection.ts";
import type { StagingNames } from "./names.ts";
import type { StagingEdition } from "./staging.ts";

/** What stands in each row of a batch, and is that of the edition asked for in what readers see. */
const OF_EDITION = {
  _vintage: "vintage",
  _extracted_at: "extracted_at",
  _source: "source",
  _batch_id: "batch_id",
};

/**
 * Shows editions as their Parquet has them: `…__latest` and `…__editions`, and the categories of the newest in `…__dimensions`. A row that
 * did not change keeps in the table the edition it came with; here every row says which edition it is shown for.
 */
export async function showEditions(
  session: Session,
  book: Book,
  names: StagingNames,
  edition: StagingEdition,
): Promise<void> {
  await writeDimensions(session, names, edition);
  const columns = await columnsOf(session, names, names.table);
  for (const view of ["latest", "editions"] as const) {
    const shown = await columnsOf(session, names, names[view]);
    if (shown.length === columns.length) continue;
    // Columns of a view that is there keep their places; new ones follow.
    const list = [...shown, ...columns.filter((name) => !shown.includes(name))];
    const query = view === "latest" ? latestQuery(book, names, list) : editionsQuery(book, names, list);
    await session.query(`create or replace view ${names.sql[view]} as ${query}`);
  }
}

function latestQuery(book: Book, names: StagingNames, columns: readonly string[]): string {
  return `select ${shownColumns(columns)} from ${names.sql.table} r cross join (
    select vintage, extracted_at, source, batch_id from ${book.batches}
    where table_name = ${literal(names.table)} order by sequence desc limit 1) b`;
}

/** A row holds from the edition that it came with until the one that replaced it. A batch that was compared again is the same edition. */
function editionsQuery(book: Book, names: StagingNames, columns: readonly string[]): string {
  const list = columns.map((name) => quoteIdentifier(name)).join(", ");
  const batches = `(select distinct on (vintage) sequence, vintage, extracted_at, source, batch_id
    from ${book.batches} where table_name = ${literal(names.table)} order by vintage, sequence)`;
  return `with batches as ${batches}
  select ${shownColumns(columns)} from (
    select ${list}, null as gone from ${names.sql.table}
    union all select ${list}, "_replaced_by" from ${names.sql.revisions}
  ) r
  join batches since on since.vintage = r."_vintage"
  left join batches until on until.vintage = r.gone
  join batches b on b.sequence >= since.sequence and (until.sequence is null or b.sequence < until.sequence)`;
}

const shownColumns = (columns: readonly string[]): string =>
  columns
    .map((name) => {
      const own = OF_EDITION[name as keyof typeof OF_EDITION];
      const quoted = quoteIdentifier(name);
      return own === undefined ? `r.${quoted}` : `b.${own} as ${quoted}`;
    })
    .join(", ");

async function columnsOf(session: Session, names: StagingNames, relation: string): Promise<string[]> {
  const rows = await session.query<{ name: string }>(`
    select a.attname as name from pg_attribute a join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${literal(names.schema)} and c.relname = ${literal(relation)} and a.attnum > 0 and not a.attisdropped
    order by a.attnum`);
  return rows.map(({ name }) => name);
}

const DIMENSIONS = `dimension text, column_name text, dimension_label text, role text, code text, label text,
  position integer, parent text, unit text, decimals integer`;

/** The columns of `dimensions.parquet`. */
async function writeDimensions(
  session: Session,
  { sql }: StagingNames,
  { dimensions }: StagingEdition,
): Promise<void> {
  const clean = (text: string | null): string | null => text?.replaceAll("\0", "�") ?? null;
  const rows = dimensions.flatMap(({ id, column, label, role, categories }) =>
    categories.map((category) => ({
      dimension: clean(id),
      column_name: column,
      dimension_label: clean(label),
      role,
      code: clean(category.code),
      label: clean(category.label),
      position: category.position,
      parent: clean(category.parent),
      unit: clean(category.unit),
      decimals: category.decimals,
    })),
  );
  await session.query(`create table if not exists ${sql.dimensions} (${DIMENSIONS})`);
  await session.query(`delete from ${sql.dimensions}`);
  await session.query(
    `insert into ${sql.dimensions} select * from json_to_recordset(${literal(JSON.stringify(rows))}) as r(${DIMENSIONS})`,
  );
}
