import { postgres } from "../../dialects/postgres.ts";
import type { Relation } from "../../graph/types.ts";
import { nodeQuery } from "../../plan/node-query.ts";
import type { Described } from "../adapter.ts";
import { QueryError } from "../query-error.ts";
import { retryConflicts } from "../retry-conflicts.ts";
import { columnsIn, columnsOf } from "./catalog.ts";
import { answersOf } from "./patiently.ts";
import type { Talk } from "./talk.ts";

const VIEW = "statloom_describe";
const DESCRIBED = columnsOf(`pg_temp.${VIEW}`);

/**
 * Names and types of a query's columns, and of a relation's where there is one, in one message. A view knows its columns to the last digit of
 * precision, which the server does not tell of a query alone. `isInside`: in the transaction that runs.
 */
export async function describe(
  session: Pick<Talk, "run" | "script" | "asking">,
  query: string,
  relation: Relation | null,
  isInside: boolean,
): Promise<Described> {
  const [open, undo] = isInside
    ? [`savepoint ${VIEW}`, `rollback to savepoint ${VIEW}`]
    : ["begin", "rollback"];
  const once = async (): Promise<Described> => {
    const asked = [await session.asking(DESCRIBED)];
    if (relation !== null) asked.push(await session.asking(columnsOf(postgres.quoteRelation(relation))));
    const view = `create temporary view ${VIEW} as (\n${nodeQuery(query)}\n)`;
    try {
      const [ofQuery, ofRelation] = answersOf(await session.script([open, view, ...asked, undo]));
      return { query: columnsIn(ofQuery), relation: columnsIn(ofRelation) };
    } catch (error) {
      if (!(error instanceof QueryError) || error.kind !== "lost") await session.run(undo);
      throw error;
    }
  };
  try {
    return await (isInside ? once() : retryConflicts(once));
  } catch (error) {
    throw placed(error, query);
  }
}

/** A failure of such a script as one of the query. */
function placed(error: unknown, query: string): unknown {
  if (!(error instanceof QueryError)) return error;
  const before = error.sql.slice(0, Math.max(0, error.sql.indexOf(nodeQuery(query)))).split("\n").length - 1;
  // Our own words stand on the lines before it.
  const isOfQuery = error.line !== null && error.line > before;
  const place = isOfQuery ? { line: error.line - before } : { line: null, column: null };
  return error.restated({ sql: query, ...place });
}
