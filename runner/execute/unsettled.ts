import type { Session } from "../adapters/adapter.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { unsettledTable, writeUnsettled } from "../plan/meta-tables.ts";
import { createTables } from "./warehouse-state.ts";

/**
 * Notes nodes whose tables do not agree with the others: a run asked for them and did not get them, was killed, or built a part of their
 * rows. Kept in the warehouse, so that what a later run leaves out is not forgotten. Unique ids.
 */
export async function noteUnsettled(
  session: Session,
  dialect: Dialect,
  ids: ReadonlySet<string>,
): Promise<void> {
  await createTables(session, dialect, [
    unsettledTable(dialect),
    ...writeUnsettled([...ids].toSorted(), dialect),
  ]);
}
