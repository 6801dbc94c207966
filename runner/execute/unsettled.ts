import type { Session } from "../adapters/adapter.ts";
import { cellText } from "../adapters/cell-text.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { META_SCHEMA, readUnsettled, unsettledTable, writeUnsettled } from "../plan/meta-tables.ts";
import { createSchemas } from "./warehouse-state.ts";

/**
 * Nodes whose tables do not agree with the others: a run asked for them and did not get them, was killed, or built a part of their
 * rows. Kept in the warehouse, so that what a later run leaves out is not forgotten. Unique ids.
 */
export async function unsettledNodes(session: Session, dialect: Dialect): Promise<Set<string>> {
  await createSchemas(session, dialect, [META_SCHEMA]);
  await session.run(unsettledTable(dialect));
  const { rows } = await session.query(readUnsettled(dialect));
  return new Set(rows.map(([id]) => cellText(id)));
}

export async function noteUnsettled(
  session: Session,
  dialect: Dialect,
  ids: ReadonlySet<string>,
): Promise<void> {
  await session.transaction(async () => {
    for (const sql of writeUnsettled([...ids].toSorted(), dialect)) await session.run(sql);
  });
}
