import { postgres } from "../../dialects/postgres.ts";
import { question } from "../../dialects/question.ts";
import type { Question } from "../../dialects/dialect.ts";
import type { Relation } from "../../graph/types.ts";
import type { CatalogRelation, RelationKind, ResultColumn, Session } from "../adapter.ts";
import { withColumns } from "../catalog-rows.ts";
import type { ListedRelation } from "../catalog-rows.ts";
import type { RawResult } from "./line.ts";
import { cellText, cellTextOrNull } from "../cell-text.ts";

type Asking = Pick<Session, "query" | "ask">;

/** Tables of every kind, partitioned and foreign ones too; a partition is a part of its table and no relation of its own. */
const kinds: Readonly<Record<string, RelationKind>> = {
  r: "table",
  p: "table",
  f: "table",
  v: "view",
  m: "materialized view",
};

export async function readRelations(
  session: Asking,
  schema: string,
): Promise<ReadonlyMap<string, RelationKind>> {
  // Without comments, each of which would be looked up.
  const { rows } = await session.query(
    `select c.relname, c.relkind::text from ${inSchemas([schema])} where not c.relispartition order by 1`,
  );
  return new Map(rows.map(([identifier, kind]) => [cellText(identifier), kinds[cellText(kind)]!]));
}

/** Columns of what has this quoted name, types with their precision; none where it is not there. {@link columnsIn} reads the answer. */
export const columnsOf = (name: string): Question =>
  question(
    "statloom_columns",
    [name],
    (named) => `select attname, format_type(atttypid, atttypmod) from pg_catalog.pg_attribute
where attrelid = to_regclass(${named}) and attnum > 0 and not attisdropped order by attnum`,
  );

export const columnsIn = (answer: RawResult | undefined): ResultColumn[] =>
  (answer?.rows ?? []).map(([name, type]) => ({ name: String(name), type: String(type) }));

/** A relation that is not there is the server's own error. */
export async function readColumns(session: Asking, relation: Relation): Promise<readonly ResultColumn[]> {
  const name = postgres.quoteRelation(relation);
  const { rows } = await session.ask(columnsOf(name));
  if (rows.length === 0) await session.query(`select ${postgres.literal(name)}::regclass`);
  return rows.map(([column, type]) => ({ name: cellText(column), type: cellText(type) }));
}

export async function readCatalog(
  session: Asking,
  schemas: readonly string[],
): Promise<readonly CatalogRelation[]> {
  if (schemas.length === 0) return [];
  const relations = await readCommented(session, schemas);
  const { rows } = await session.query(
    `select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
       row_number() over (partition by c.oid order by a.attnum), col_description(c.oid, a.attnum)
     from pg_catalog.pg_attribute a cross join ${inSchemas(schemas)}
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and not c.relispartition
     order by c.oid, a.attnum`,
  );
  return withColumns(relations, rows);
}

async function readCommented(
  session: Pick<Session, "query">,
  schemas: readonly string[],
): Promise<ListedRelation[]> {
  const { rows } = await session.query(
    `select n.nspname, c.relname, c.relkind::text, obj_description(c.oid, 'pg_class')
     from ${inSchemas(schemas)} where not c.relispartition order by 1, 2`,
  );
  return rows.map(([schema, identifier, kind, comment]) => ({
    schema: cellText(schema),
    identifier: cellText(identifier),
    kind: kinds[cellText(kind)]!,
    comment: cellTextOrNull(comment),
  }));
}

const inSchemas = (schemas: readonly string[]): string =>
  `(pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     and n.nspname in ${postgres.literal(schemas)} and c.relkind in ${postgres.literal(Object.keys(kinds))})`;
