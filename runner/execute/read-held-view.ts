import type { Session } from "../adapters/adapter.ts";
import { cellText } from "../adapters/cell-text.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { Relation } from "../graph/types.ts";
import type { HeldView } from "../plan/materialized/held-view.ts";
import { nodeQuery } from "../plan/node-query.ts";
import { temporaryName } from "../plan/temporary-name.ts";
import { inVain } from "./in-vain.ts";

/**
 * What a materialized view was made of, held against a query. The engine compares, so that neither spaces nor `select *` deceive. Undefined: it has
 * gone since the run began, with a table that it no longer fitted.
 */
export async function readHeldView(
  session: Session,
  dialect: Dialect,
  relation: Relation,
  sql: string,
  header: string | undefined,
): Promise<HeldView | undefined> {
  const spelling = dialect.materializedViews!;
  const name = temporaryName(relation.identifier, dialect.maxIdentifierLength);
  const probe = dialect.temporaryRelation(name);
  const isSame = await inVain(session, async () => {
    if (header !== undefined) await session.runAll(header);
    await session.run(spelling.createProbe(probe, nodeQuery(sql)));
    return (await session.query(spelling.isMadeOf(relation, probe))).rows[0]?.[0];
  });
  if (typeof isSame !== "boolean") return undefined;
  const { rows } = await session.query(spelling.indexes(relation));
  const indexes = rows.map(([index, columns, unique, type, isKey]) => ({
    name: cellText(index),
    columns: JSON.parse(cellText(columns)) as string[],
    unique: unique === true,
    type: cellText(type),
    isKey: isKey === true,
  }));
  return { isSame, indexes };
}
