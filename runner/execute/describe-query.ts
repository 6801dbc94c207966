import type { ResultColumn, Session } from "../adapters/adapter.ts";

/** Columns of a query with what its `sql_header` sets in force, of which nothing stays. */
export async function describeQuery(
  session: Session,
  sql: string,
  header: string | undefined,
): Promise<readonly ResultColumn[]> {
  if (header === undefined) return session.describe(sql);
  let columns: readonly ResultColumn[] = [];
  const undo = new Error("described");
  await session
    .transaction(async () => {
      await session.run(header);
      columns = await session.describe(sql);
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  return columns;
}
