import { duckdb } from "../../dialects/duckdb.ts";
import type { CatalogRelation, RelationKind, Session } from "../adapter.ts";
import { withColumns } from "../catalog-rows.ts";
import type { ListedRelation } from "../catalog-rows.ts";
import { cellText, cellTextOrNull } from "../cell-text.ts";

/** Queries on DuckDB's own catalogue; `current_database()` keeps attached databases and temporary tables out. */
export async function readRelations(
  session: Session,
  schema: string,
): Promise<ReadonlyMap<string, RelationKind>> {
  const relations = await readKinds(session, [schema]);
  return new Map(relations.map(({ identifier, kind }) => [identifier, kind]));
}

export async function readCatalog(
  session: Session,
  schemas: readonly string[],
): Promise<readonly CatalogRelation[]> {
  const relations = await readKinds(session, schemas);
  const { rows } = await session.query(
    `select schema_name, table_name, column_name, data_type, column_index, comment
     from duckdb_columns() where ${inSchemas(schemas)} order by column_index`,
  );
  return withColumns(relations, rows);
}

async function readKinds(session: Session, schemas: readonly string[]): Promise<ListedRelation[]> {
  const { rows } = await session.query(
    `select schema_name, table_name, 'table', comment from duckdb_tables() where ${inSchemas(schemas)}
     union all
     select schema_name, view_name, 'view', comment from duckdb_views() where ${inSchemas(schemas)}
     order by 1, 2`,
  );
  return rows.map(([schema, identifier, kind, comment]) => ({
    schema: cellText(schema),
    identifier: cellText(identifier),
    kind: kind === "view" ? "view" : "table",
    comment: cellTextOrNull(comment),
  }));
}

function inSchemas(schemas: readonly string[]): string {
  const keys = duckdb.literal(schemas.map((name) => duckdb.identifierKey(name)));
  return `not internal and database_name = current_database() and lower(schema_name) in ${keys}`;
}
