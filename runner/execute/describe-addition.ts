import type { ResultColumn } from "../adapters/adapter.ts";
import { QueryError } from "../adapters/query-error.ts";
import { ProjectError } from "../base/errors.ts";
import type { Problem } from "../base/problems.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { ModelNode } from "../graph/types.ts";
import { oldTableHint } from "../plan/check-incremental.ts";
import { compareColumns } from "../plan/reconcile-columns.ts";
import type { Column } from "../plan/step.ts";

type Described = {
  readonly dialect: Dialect;
  readonly node: ModelNode;
  /** What the model's table has. */
  readonly table: readonly Column[];
  /** Columns of a query. */
  readonly describe: (sql: string) => Promise<readonly ResultColumn[]>;
  /** The model's SQL as it is where nothing is there to be added to. */
  readonly wholeSql: (() => Promise<string>) | undefined;
};

/**
 * Columns of what is added to a model's table. A query that asks its own table for a column which the model has got since is told so,
 * where that is sure: it is wrong with the table as it is, and right with one that has the columns which the whole model gives.
 */
export async function describeAddition(sql: string, described: Described): Promise<readonly ResultColumn[]> {
  const { describe, wholeSql } = described;
  try {
    return await describe(sql);
  } catch (error) {
    if (!(error instanceof QueryError) || error.kind !== "sql" || wholeSql === undefined) throw error;
    const missing = await missingColumns(sql, await wholeSql(), described).catch((second: unknown) => {
      if (second instanceof QueryError) return [];
      throw second;
    });
    throw missing.length === 0 ? error : new ProjectError([problemOf(described, missing)]);
  }
}

async function missingColumns(
  sql: string,
  wholeSql: string,
  { dialect, node, table, describe }: Described,
): Promise<readonly Column[]> {
  const own = dialect.quoteRelation(node.relation);
  if (!sql.includes(own)) return [];
  const { added } = compareColumns(table, await describe(wholeSql), dialect);
  const fits = async (columns: readonly Column[]): Promise<boolean> => {
    const more = columns.map(({ name, type }) => `cast(null as ${type}) as ${dialect.quoteIdentifier(name)}`);
    const wider = dialect.asTable(`select *, ${more.join(", ")} from ${own}`);
    return describe(sql.replaceAll(own, () => wider)).then(
      () => true,
      () => false,
    );
  };
  if (added.length === 0 || !(await fits(added))) return [];
  for (const column of added) if (await fits([column])) return [column];
  return added;
}

function problemOf({ node, dialect }: Described, missing: readonly Column[]): Problem {
  const names = missing.map(({ name }) => `"${name}"`).join(", ");
  const table = dialect.quoteRelation(node.relation);
  return {
    ...node.place,
    code: "COLUMN_MISSING",
    message: `what "${node.name}" adds asks its own table for ${names}, which the table ${table} does not have yet`,
    hint: oldTableHint(node),
  };
}
