import type { Session } from "../adapters/adapter.ts";
import { QueryError } from "../adapters/query-error.ts";
import { OperationError } from "../base/errors.ts";
import { readWarehouse } from "../execute/warehouse-state.ts";
import { isRelation } from "../graph/relation-nodes.ts";
import { nameWithVersion } from "../graph/versions.ts";
import type { OpenProject } from "./open-project.ts";

/** Names told at most. */
const MOST = 3;

/** An error of a query that reads what is not there yet, in words of the project; any other stays as it is. */
export async function notBuilt(
  { parsed, dialect, project }: OpenProject,
  session: Session,
  sql: string,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof QueryError) || error.kind !== "sql") return error;
  const read = [...parsed.graph.nodes.values()]
    .filter(isRelation)
    .filter(({ relation }) => sql.includes(dialect.quoteRelation(relation)));
  const schemas = read.map(({ relation }) => relation.schema);
  const warehouse = await readWarehouse(session, dialect, schemas);
  const missing = read.filter(({ relation }) => warehouse.kindOf(relation) === null).map(nameWithVersion);
  if (missing.length === 0) return error;
  const shown = missing.slice(0, MOST);
  const more = missing.length > MOST ? ` and ${missing.length - MOST} more` : "";
  return new OperationError(
    "NOT_BUILT",
    `this reads "${shown.join('", "')}"${more}, which ${missing.length === 1 ? "is" : "are"} not built in target "${project.target.name}" yet`,
    { hint: `models build --select ${shown.map((name) => `+${name}`).join(" ")}`, cause: error },
  );
}
