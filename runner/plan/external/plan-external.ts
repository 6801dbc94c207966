import { didYouMean } from "../../base/nearest.ts";
import type { Problem } from "../../base/problems.ts";
import { throwProblems } from "../../base/errors.ts";
import type { Dialect, FileSpec } from "../../dialects/dialect.ts";
import type { ModelNode, Relation } from "../../graph/types.ts";
import { checkConfigColumns } from "../check-incremental.ts";
import { isIncremental } from "../is-incremental.ts";
import { nodeQuery } from "../node-query.ts";
import type { PlanContext } from "../plan-context.ts";
import { reconcileColumns } from "../reconcile-columns.ts";
import { counted, statement } from "../statement.ts";
import type { CurrentRelation, NodePlan, Step } from "../step.ts";
import { temporaryName } from "../temporary-name.ts";
import { temporaryPath } from "./external-path.ts";
import { externalFormat, isPartitioned } from "../../graph/external-files.ts";

/**
 * A model as a file, or as a folder of partitions, with a view of it in the warehouse. Written beside and put in place whole; a
 * partitioned one that is added to has the partitions replaced that the query gives. `path` is absolute.
 * @throws ProjectError when configuration, query and file do not fit each other
 */
export function planExternal(
  node: ModelNode,
  sql: string,
  path: string,
  current: CurrentRelation,
  context: PlanContext,
): NodePlan {
  const { dialect, queryColumns, fullRefresh } = context;
  const query = nodeQuery(sql);
  const names = queryColumns?.map(({ name }) => name) ?? [];
  if (queryColumns) {
    throwProblems([...checkConfigColumns(node, names, dialect), ...checkColumns(node, names, dialect)]);
  }
  const spec: FileSpec = {
    format: externalFormat(node.config),
    options: node.config.options,
    partitions: node.config.partition_by,
    columns: queryColumns,
  };
  const temporary = temporaryPath(path);
  const adds = isIncremental(node, current, fullRefresh);
  const fresh = dialect.temporaryRelation(
    temporaryName(node.relation.identifier, dialect.maxIdentifierLength),
  );
  const strategy = node.config.incremental_strategy;
  const why = adds && strategy !== null ? strategy : spec.format;
  const merged = adds && !isPartitioned(node.config) ? mergeQuery(node, current!, fresh, context) : null;
  const write = merged ?? query;
  const shape = `select * from ${dialect.subquery(query)} where 1 = 0`;
  const view = `select * from ${dialect.readFiles(path, spec)}`;
  const make = (step: string): Step[] => [
    statement("drop what an earlier run may have left", dialect.drop(fresh, "table")),
    statement("query what is new", dialect.createTableAs(fresh, step, "temporary")),
  ];
  return {
    uniqueId: node.uniqueId,
    description: `external (${why})`,
    query,
    transaction: true,
    temporary: merged === null ? [] : [fresh],
    steps: [
      { kind: "prepare-path", label: "remove what an earlier run may have left", from: temporary, to: path },
      ...(merged === null ? [] : make(query)),
      counted("write the file beside", dialect.copyTo(write, temporary, spec)),
      // A folder without any file could not be read.
      ...(isPartitioned(node.config)
        ? [
            statement(
              "write the columns, for when there are no rows",
              dialect.copyTo(shape, `${temporary}/_columns.${spec.format}`, { ...spec, partitions: [] }),
            ),
          ]
        : []),
      {
        kind: "publish-path",
        label: "put it in place",
        from: temporary,
        to: path,
        byParts: adds && isPartitioned(node.config),
      },
      ...(current?.kind === "table"
        ? [statement("drop the table in its place", dialect.drop(node.relation, "table"))]
        : []),
      statement("create the view of it", dialect.createView(node.relation, view)),
      ...(merged === null ? [] : [statement("drop the temporary table", dialect.drop(fresh, "table"))]),
    ],
  };
}

/** Folders are made of columns, not of expressions. */
function checkColumns(node: ModelNode, columns: readonly string[], dialect: Dialect): Problem[] {
  const known = new Set(columns.map((name) => dialect.identifierKey(name)));
  return node.config.partition_by
    .filter((name) => !known.has(dialect.identifierKey(name)))
    .map((name) => ({
      ...node.place,
      code: "COLUMN_UNKNOWN",
      message: `partition_by names "${name}", which the model does not have`,
      hint:
        didYouMean(name, columns) ??
        "the partitions of an external model are columns: select the expression as one",
    }));
}

/** What one file holds after what is new was added. */
function mergeQuery(
  node: ModelNode,
  current: NonNullable<CurrentRelation>,
  fresh: Relation,
  { dialect, queryColumns }: PlanContext,
): string {
  const { columns, problems, steps } = reconcileColumns(node, current.columns, queryColumns, dialect);
  const altered = steps.map(({ label }) => ({
    ...node.place,
    code: "SCHEMA_CHANGED",
    message: `an external model cannot ${label}`,
    hint: "rebuild it with --full-refresh",
  }));
  throwProblems([...problems, ...altered]);
  const list = columns.map((name) => dialect.quoteIdentifier(name)).join(", ");
  const keys = node.config.unique_key.map((name) => dialect.quoteIdentifier(name));
  const matches = dialect.sameRow("fresh", "kept", keys);
  const replaced =
    node.config.incremental_strategy === "delete+insert"
      ? ` where not exists (select 1 from ${dialect.quoteRelation(fresh)} as fresh where ${matches})`
      : "";
  return `select ${list} from ${dialect.quoteRelation(node.relation)} as kept${replaced}
union all select ${list} from ${dialect.quoteRelation(fresh)}`;
}
