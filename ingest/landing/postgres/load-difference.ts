import { OperationError } from "../../../runner/base/errors.ts";
import { plural } from "../../../runner/base/text.ts";
import { literal, quoteIdentifier } from "../../../runner/dialects/standard.ts";
import { readSlices, recordMigration } from "./bookkeeping.ts";
import type { Book } from "./bookkeeping.ts";
import { definition, newColumns, originColumns, stagingColumns } from "./columns.ts";
import type { StagingColumn, StandingTable } from "./columns.ts";
import type { Session } from "./connection.ts";
import { createCellKey } from "./keys.ts";
import { addColumns } from "./load-first.ts";
import type { StagingNames } from "./names.ts";
import { PERIOD_START, addPartitions } from "./partitions.ts";
import { hashRows, streamRows } from "./read-rows.ts";
import type { RowsRead } from "./read-rows.ts";
import type { Slice } from "./slice-hash.ts";
import type { StagedCounts, StagingEdition, StagingOptions } from "./staging.ts";

type Loaded = {
  readonly read: RowsRead;
  readonly counts: StagedCounts;
  readonly keyColumns: readonly string[];
};

/**
 * Brings a table to the next edition: rows of the slices whose hash has changed are copied beside it and compared; what
 * differs is moved to the revisions and put in its place. Readers are shut out only while columns are added.
 */
export async function loadDifference(
  session: Session,
  book: Book,
  names: StagingNames,
  table: StandingTable,
  edition: StagingEdition,
  options: Pick<StagingOptions, "compare" | "signal">,
): Promise<Loaded> {
  // Readers go on; other writers wait, so that no row moves between being compared and being replaced.
  await session.query(`lock table ${names.sql.table} in share row exclusive mode`);
  const read = await hashRows(edition, options.signal);
  const before = await readSlices(session, book, names.table, read.column);
  const standing = table.columns.filter(({ isKey }) => isKey);
  const wanted = options.compare === "all" ? undefined : changedSlices(before, read.slices);
  if (wanted?.size === 0 && before.size > 0) {
    const counts = { rows: read.rows, inserted: 0, updated: 0, deleted: 0, unchanged: read.rows };
    return { read, counts, keyColumns: standing.map(({ name }) => name) };
  }
  // Where nothing stays as it was, or the slices were cut otherwise, everything is compared.
  const isPart =
    wanted !== undefined &&
    before.size > 0 &&
    wanted.size < new Set([...before.keys(), ...read.slices.keys()]).size;
  const columns = await copyBeside(session, edition, isPart ? wanted : undefined);
  const added = newColumns(table, columns, names);
  const slice =
    isPart && read.column !== null
      ? { column: columns.find(({ source }) => source === read.column)!.name, codes: wanted }
      : undefined;
  const found = await compare(session, names, table, columns, slice);
  await retire(session, names, table, edition);
  await widen(session, book, names, edition, added);
  if (table.isPartitioned) await widenPartitions(session, book, names, edition);
  const keys = [...standing, ...added.filter(({ isKey }) => isKey)];
  const isRekeyed = keys.length > standing.length;
  if (isRekeyed)
    await session.query(
      `drop index if exists ${quoteIdentifier(names.schema)}.${quoteIdentifier(names.keyIndex)}`,
    );
  await insertNew(session, names, columns, edition);
  if (isRekeyed) await createCellKey(session, names, keys, table.isPartitioned);
  await checkRows(session, names, read.rows);
  const unchanged = read.rows - found.inserted - found.updated;
  return { read, counts: { rows: read.rows, ...found, unchanged }, keyColumns: keys.map(({ name }) => name) };
}

/** Codes of the slices that are new, gone or other than before. */
function changedSlices(before: ReadonlyMap<string, Slice>, now: ReadonlyMap<string, Slice>): Set<string> {
  const codes = [...new Set([...before.keys(), ...now.keys()])];
  return new Set(
    codes.filter((code) => {
      const [old, fresh] = [before.get(code), now.get(code)];
      return old?.hash !== fresh?.hash || old?.rows !== fresh?.rows;
    }),
  );
}

type IncomingColumn = StagingColumn & { readonly source: string };

/** Copies rows into the temporary table `incoming` and returns its columns. */
async function copyBeside(
  session: Session,
  edition: StagingEdition,
  wanted: ReadonlySet<string> | undefined,
): Promise<IncomingColumn[]> {
  const rows = streamRows(edition, wanted);
  try {
    const columns = stagingColumns(rows.columns, edition.keys).map((column, i) => ({
      ...column,
      source: rows.columns[i]!.name,
    }));
    await session.query(
      `create temporary table incoming (${columns.map(definition).join(", ")}) on commit drop`,
    );
    const list = rows.order.map((at) => quoteIdentifier(columns[at]!.name)).join(", ");
    await session.copy(`copy pg_temp.incoming (${list}) from stdin`, rows.chunks);
    await session.query("analyze pg_temp.incoming");
    return columns;
  } finally {
    rows.close();
  }
}

/** Fills the temporary table `difference`: places of old rows and of new ones, each null where there is none. */
async function compare(
  session: Session,
  names: StagingNames,
  table: StandingTable,
  columns: readonly StagingColumn[],
  slice: { readonly column: string; readonly codes: ReadonlySet<string> } | undefined,
): Promise<{ inserted: number; updated: number; deleted: number }> {
  const incoming = new Set(columns.map(({ name }) => name));
  const known = new Set(table.columns.map(({ name }) => name));
  const keys = columns.filter(({ isKey }) => isKey);
  const gone = table.columns.filter(({ name, isKey }) => isKey && !incoming.has(name));
  const payload = [
    ...columns.filter(({ isKey }) => !isKey),
    ...table.columns.filter(({ name, isKey }) => !isKey && !incoming.has(name)),
  ];
  // A row that says something in a dimension which is gone has no successor; nor has one that lacks a new dimension.
  const isAlone = gone.map(({ name }) => `${quoteIdentifier(name)} is not null`).join(" or ");
  const oldKey = ({ name, type }: StagingColumn): string => {
    if (!known.has(name)) return `null::${type}`;
    return isAlone === ""
      ? quoteIdentifier(name)
      : `case when ${isAlone} then null else ${quoteIdentifier(name)} end`;
  };
  const value = ({ name, type }: StagingColumn, there: ReadonlySet<string>): string =>
    there.has(name) ? quoteIdentifier(name) : `null::${type}`;
  const picked = (key: (column: StagingColumn) => string, there: ReadonlySet<string>): string =>
    [
      // A cube without dimensions has one cell.
      ...(keys.length === 0 ? ["1 as k0"] : keys.map((column, i) => `${key(column)} as k${i}`)),
      ...payload.map((column, i) => `${value(column, there)} as p${i}`),
    ].join(", ");
  const filter =
    slice === undefined ? "" : `where ${quoteIdentifier(slice.column)} in ${literal([...slice.codes])}`;
  const fence = keys.length === 0 ? "offset 0" : "";
  const same = (keys.length === 0 ? ["k0"] : keys.map((_, i) => `k${i}`)).map((k) => `o.${k} = n.${k}`);
  const differs = payload.map((_, i) => `o.p${i} is distinct from n.p${i}`);
  await session.query(`
    create temporary table difference on commit drop as
    select o.place as old_place, o.part, n.place as new_place
    from (select ctid as place, tableoid as part, ${picked(oldKey, known)} from ${names.sql.table} ${filter} ${fence}) o
    full join (select ctid as place, ${picked(({ name }) => quoteIdentifier(name), incoming)} from pg_temp.incoming ${fence}) n
    on ${same.join(" and ")}
    where ${["o.place is null", "n.place is null", ...differs].join(" or ")}`);
  await session.query("analyze pg_temp.difference");
  const [counts] = await session.query<{ inserted: number; updated: number; deleted: number }>(`
    select count(*) filter (where old_place is null)::float8 as inserted,
      count(*) filter (where old_place is not null and new_place is not null)::float8 as updated,
      count(*) filter (where new_place is null)::float8 as deleted
    from pg_temp.difference`);
  return counts!;
}

/** Two rows of one cell, of which one is there already, leave no other trace than this. */
async function checkRows(session: Session, names: StagingNames, rows: number): Promise<void> {
  const [found] = await session.query<{ rows: number }>(
    `select count(*)::float8 as rows from ${names.sql.table}`,
  );
  if (found!.rows === rows) return;
  throw new OperationError(
    "STAGING_ROWS",
    `${names.schema}.${names.table} would hold ${plural(found!.rows, "row")} where the edition has ${plural(rows, "row")}`,
    {
      hint: "a cell comes twice in the document, or somebody wrote into the table: rename the table, and the next load makes it anew",
    },
  );
}

/** Moves the old rows to the revisions, with the edition that took their place. */
async function retire(
  session: Session,
  names: StagingNames,
  table: StandingTable,
  edition: StagingEdition,
): Promise<void> {
  const kept = [...table.columns, ...originColumns(edition)]
    .map(({ name }) => quoteIdentifier(name))
    .join(", ");
  const by = [edition.vintage, edition.batchId, edition.extractedAt].map(literal);
  await session.query(`
    with gone as (
      delete from ${names.sql.table} t using pg_temp.difference d
      where t.ctid = d.old_place and t.tableoid = d.part
      returning t.*, d.new_place
    )
    insert into ${names.sql.revisions} (${kept}, "_change", "_replaced_by", "_replaced_by_batch", "_replaced_at")
    select ${kept}, case when new_place is null then 'deleted' else 'revised' end, ${by[0]}, ${by[1]}, ${by[2]}::timestamptz
    from gone`);
}

async function widen(
  session: Session,
  book: Book,
  names: StagingNames,
  edition: StagingEdition,
  added: readonly StagingColumn[],
): Promise<void> {
  await addColumns(session, names.sql.table, added);
  await addColumns(session, names.sql.revisions, added);
  for (const { name, type, isKey } of added) {
    const change = isKey ? "add_dimension" : "add_column";
    await recordMigration(session, book, edition, { table: names.table, change, name, type });
  }
}

async function widenPartitions(
  session: Session,
  book: Book,
  names: StagingNames,
  edition: StagingEdition,
): Promise<void> {
  const years = await session.query<{ year: string }>(`
    select distinct lpad(extract(year from ${quoteIdentifier(PERIOD_START)})::text, 4, '0') as year
    from pg_temp.incoming where ${quoteIdentifier(PERIOD_START)} is not null order by year`);
  for (const name of await addPartitions(
    session,
    names,
    years.map(({ year }) => year),
  )) {
    await recordMigration(session, book, edition, {
      table: names.table,
      change: "add_partition",
      name,
      type: null,
    });
  }
}

async function insertNew(
  session: Session,
  names: StagingNames,
  columns: readonly StagingColumn[],
  edition: StagingEdition,
): Promise<void> {
  const origin = originColumns(edition);
  const list = [...columns, ...origin].map(({ name }) => quoteIdentifier(name)).join(", ");
  const values = [
    ...columns.map(({ name }) => `n.${quoteIdentifier(name)}`),
    ...origin.map(({ value, type }) =>
      type === "timestamptz" ? `${literal(value)}::timestamptz` : literal(value),
    ),
  ];
  await session.query(`
    insert into ${names.sql.table} (${list})
    select ${values.join(", ")} from pg_temp.incoming n join pg_temp.difference d on d.new_place = n.ctid`);
}
