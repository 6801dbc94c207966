import type { Described, Session } from "../adapters/adapter.ts";
import { QueryError } from "../adapters/query-error.ts";
import { ProjectError } from "../base/errors.ts";
import type { Problem } from "../base/problems.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { ModelNode, Relation } from "../graph/types.ts";
import { oldTableHint } from "../plan/check-incremental.ts";
import { compareColumns } from "../plan/reconcile-columns.ts";
import type { Column } from "../plan/step.ts";
import { describeBeside, describeQuery } from "./describe-query.ts";

type Addition = {
  readonly dialect: Dialect;
  readonly node: ModelNode;
  /** The table that is added to. */
  readonly into: Relation;
  readonly session: Session;
  /** What is in force while a query is described. */
  readonly header: string | undefined;
  /** The model's SQL as it is where nothing is there to be added to. */
  readonly wholeSql: (() => Promise<string>) | undefined;
};

/**
 * Columns of what is added to a model's table, and of the table. A query that asks its own table for a column which the model has got since is told so,
 * where that is sure: it is wrong with the table as it is, and right with one that has the columns which the whole model gives.
 */
export async function describeAddition(sql: string, addition: Addition): Promise<Described> {
  const { session, into, header, wholeSql } = addition;
  try {
    return await describeBeside(session, sql, into, header);
  } catch (error) {
    if (!(error instanceof QueryError) || error.kind !== "sql" || wholeSql === undefined) throw error;
    const missing = await missingColumns(sql, await wholeSql(), addition).catch((second: unknown) => {
      if (second instanceof QueryError) return [];
      throw second;
    });
    throw missing.length === 0 ? error : new ProjectError([problemOf(addition, missing)]);
  }
}

async function missingColumns(
  sql: string,
  wholeSql: string,
  { dialect, node, into, session, header }: Addition,
): Promise<readonly Column[]> {
  const own = dialect.quoteRelation(node.relation);
  if (!sql.includes(own)) return [];
  const whole = await describeBeside(session, wholeSql, into, header);
  const { added } = compareColumns(whole.relation, whole.query, dialect);
  const fits = async (columns: readonly Column[]): Promise<boolean> => {
    const more = columns.map(({ name, type }) => `cast(null as ${type}) as ${dialect.quoteIdentifier(name)}`);
    const wider = dialect.asTable(`select *, ${more.join(", ")} from ${own}`);
    return describeQuery(
      session,
      sql.replaceAll(own, () => wider),
      header,
    ).then(
      () => true,
      () => false,
    );
  };
  if (added.length === 0 || !(await fits(added))) return [];
  for (const column of added) if (await fits([column])) return [column];
  return added;
}

function problemOf({ node, dialect }: Addition, missing: readonly Column[]): Problem {
  const names = missing.map(({ name }) => `"${name}"`).join(", ");
  const table = dialect.quoteRelation(node.relation);
  return {
    ...node.place,
    code: "COLUMN_MISSING",
    message: `what "${node.name}" adds asks its own table for ${names}, which the table ${table} does not have yet`,
    hint: oldTableHint(node),
  };
}
