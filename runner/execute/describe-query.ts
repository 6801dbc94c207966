import type { ResultColumn, Session } from "../adapters/adapter.ts";
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
