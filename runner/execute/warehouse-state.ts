import { addTo } from "../base/group-by.ts";
import type { RelationKind, ResultTable, Session } from "../adapters/adapter.ts";
import { runTogether } from "../adapters/run-together.ts";
import { cellText } from "../adapters/cell-text.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { Relation } from "../graph/types.ts";
import { CHECK_TABLES } from "../plan/meta-checks.ts";
import { BUILDS } from "../plan/meta-builds.ts";
import { createMetaTable } from "../plan/meta-rows.ts";
import { META_SCHEMA, metaTables } from "../plan/meta-tables.ts";
import { readStagedQuery } from "../plan/staged-sources.ts";
import type { StagedVintages } from "../plan/source-relations.ts";

/** Which relations the warehouse holds, read once a run and kept up as nodes are built: asking for each would cost. */
export type WarehouseState = {
  kindOf(relation: Relation): RelationKind | null;
  /** Notes what was built; null: it is gone. */
  note(relation: Relation, kind: RelationKind | null): void;
};

/** Makes the schemas that are missing, one after the other: engines do not like two at once. */
export async function createSchemas(
  session: Session,
  dialect: Dialect,
  schemas: Iterable<string>,
): Promise<void> {
  for (const schema of distinct(schemas, dialect)) await session.run(dialect.createSchema(schema));
}

/** Makes tables of the schema `meta`, and that, where they are missing; together, as the disk is waited for once. */
export const createTables = (session: Session, dialect: Dialect, tables: readonly string[]): Promise<void> =>
  runTogether(session, [dialect.createSchema(META_SCHEMA), ...tables]);

/** Makes the tables that remember what was done, where they are missing; `tests`: also those for what became of tests. */
export function createMetaTables(session: Session, dialect: Dialect, tests = false): Promise<void> {
  const tables = [BUILDS, ...(tests ? CHECK_TABLES : [])];
  return createTables(session, dialect, [
    ...metaTables(dialect),
    ...tables.map((table) => createMetaTable(table, dialect)),
  ]);
}

/** What was loaded, by schema and name: the fingerprint of each seed. `rows`: as `readSeeds` asks for them. */
export function loadedSeedsOf(rows: ResultTable["rows"]): LoadedSeeds {
  const loaded = new Map(
    rows.map(([schema, name, fingerprint]) => [JSON.stringify([schema, name]), cellText(fingerprint)]),
  );
  return ({ schema, identifier }) => loaded.get(JSON.stringify([schema, identifier])) ?? null;
}

/** What ingestion has staged in this database; nothing where it has never been. */
export async function readStaged(
  session: Session,
  dialect: Dialect,
  schema: string,
): Promise<StagedVintages> {
  const batches: Relation = { database: null, schema, identifier: "batches" };
  const staged = new Map<string, { vintage: string; extracted_at: string }[]>();
  if (!(await session.listRelations(schema)).has(batches.identifier)) return staged;
  const { rows } = await session.query(readStagedQuery(batches, dialect));
  for (const [table, vintage, at] of rows.map((row) => row.map((cell) => cellText(cell)))) {
    addTo(staged, table!, { vintage: vintage!, extracted_at: at! });
  }
  return staged;
}

/** The fingerprint of the seed that a relation was loaded from, null where none is known. */
export type LoadedSeeds = (relation: Relation) => string | null;

export const readWarehouse = async (
  session: Session,
  dialect: Dialect,
  schemas: Iterable<string>,
): Promise<WarehouseState> => warehouseOf(await listSchemas(session, dialect, schemas), dialect);

/** What each schema holds, by its name as it is compared; in lists, as it may be written down. */
export type ListedSchemas = readonly (readonly [
  schema: string,
  relations: readonly (readonly [identifier: string, kind: RelationKind])[],
])[];

export async function listSchemas(
  session: Session,
  dialect: Dialect,
  schemas: Iterable<string>,
): Promise<ListedSchemas> {
  const listed: ListedSchemas[number][] = [];
  for (const schema of distinct(schemas, dialect))
    listed.push([dialect.identifierKey(schema), [...(await session.listRelations(schema))]]);
  return listed;
}

export function warehouseOf(listed: ListedSchemas, dialect: Dialect): WarehouseState {
  // No name holds a NUL.
  const key = (schema: string, identifier: string): string =>
    `${schema}\0${dialect.identifierKey(identifier)}`;
  const keyOf = ({ schema, identifier }: Relation): string => key(dialect.identifierKey(schema), identifier);
  const kinds = new Map(
    listed.flatMap(([schema, relations]) =>
      relations.map(([identifier, kind]) => [key(schema, identifier), kind] as const),
    ),
  );
  return {
    kindOf: (relation) => kinds.get(keyOf(relation)) ?? null,
    note(relation, kind) {
      if (kind === null) kinds.delete(keyOf(relation));
      else kinds.set(keyOf(relation), kind);
    },
  };
}

const distinct = (schemas: Iterable<string>, dialect: Dialect): Iterable<string> =>
  new Map(Array.from(schemas, (schema) => [dialect.identifierKey(schema), schema])).values();
