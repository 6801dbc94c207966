import type { Described, ResultColumn, Session } from "../adapters/adapter.ts";
import type { Relation } from "../graph/types.ts";
import { inVain } from "./in-vain.ts";

/** Columns of a query with what its `sql_header` sets in force, of which nothing stays. */
export async function describeQuery(
  session: Session,
  sql: string,
  header: string | undefined,
): Promise<readonly ResultColumn[]> {
  if (header === undefined) return session.describe(sql);
  return inVain(session, async () => {
    await session.runAll(header);
    return session.describe(sql);
  });
}

/** Columns of a query as {@link describeQuery} has them, beside those of a relation. */
export async function describeBeside(
  session: Session,
  sql: string,
  relation: Relation,
  header: string | undefined,
): Promise<Described> {
  if (header === undefined) return session.describeBoth(sql, relation);
  return {
    relation: await session.columnsOf(relation),
    query: await describeQuery(session, sql, header),
  };
}
