import { throwProblems } from "../../base/errors.ts";
import type { Problem } from "../../base/problems.ts";
import type { ModelNode, Relation } from "../../graph/types.ts";
import { checkConfigColumns } from "../check-incremental.ts";
import { forgetBatches, forgetSpans, recordBatches } from "../meta-tables.ts";
import { checkIndexColumns, indexSteps } from "../indexes.ts";
import { checkPartitionField, emptyTable, partitionSteps, samePartitions } from "../layout.ts";
import { nodeQuery } from "../node-query.ts";
import type { PlanContext } from "../plan-context.ts";
import { reconcileColumns } from "../reconcile-columns.ts";
import { counted, statement } from "../statement.ts";
import type { CurrentRelation, NodePlan } from "../step.ts";
import { besideRelation, swapSteps } from "../swap.ts";
import { temporaryName } from "../temporary-name.ts";
import { inSpan } from "./batch-window.ts";
import { batchName } from "./batches.ts";
import type { Span } from "./batches.ts";

/** A model with the configuration that microbatch needs, checked. */
export type MicrobatchModel = ModelNode & {
  readonly config: {
    readonly event_time: string;
    readonly begin: string;
    readonly batch_size: NonNullable<ModelNode["config"]["batch_size"]>;
  };
};

export const isMicrobatch = (node: ModelNode): node is MicrobatchModel =>
  node.config.materialized === "incremental" && node.config.incremental_strategy === "microbatch";

/** `into`: the model's own relation, or one beside it that takes its place when every batch is done. */
export type BatchPlace = { readonly into: Relation; readonly beside: boolean };

type BatchContext = PlanContext & { readonly now: number; readonly isPartial?: boolean | undefined };

/**
 * One batch in one transaction: its rows are replaced by what the query gives for it, and that it is done is noted. Rows that the
 * query gives outside the batch are left out: they belong to others. `current` is what stands where the batch goes.
 * @throws ProjectError when query and table do not fit
 */
export function planBatch(
  model: MicrobatchModel,
  sql: string,
  batch: Span,
  { into, beside }: BatchPlace,
  current: CurrentRelation,
  context: BatchContext,
): NodePlan {
  const { dialect, queryColumns } = context;
  const query = nodeQuery(sql);
  // What is said of the table must be said of the one that the batch goes into.
  const node: MicrobatchModel = {
    ...model,
    relation: into,
    // One that is built beside gets its indexes with its name.
    config: beside ? { ...model.config, indexes: [] } : model.config,
  };
  const fresh = dialect.temporaryRelation(temporaryName(into.identifier, dialect.maxIdentifierLength));
  const given = queryColumns ?? [];
  const reconciled = current
    ? reconcileColumns(node, current.columns, queryColumns, dialect)
    : { problems: [], columns: given.map(({ name }) => name), steps: [] };
  throwProblems([
    ...(queryColumns
      ? checkConfigColumns(
          node,
          reconciled.columns,
          dialect,
          given.map(({ name }) => name),
        )
      : []),
    ...checkIndexColumns(model, reconciled.columns, dialect),
    ...checkPartitionField(model, reconciled.columns, dialect),
    ...checkEventTime(node, context),
    ...reconciled.problems,
  ]);
  const isInside = inSpan(dialect.quoteIdentifier(node.config.event_time), batch, dialect);
  const target = dialect.quoteRelation(into);
  const from = `(select * from ${dialect.quoteRelation(fresh)} where ${isInside}) as batch`;
  return {
    uniqueId: node.uniqueId,
    description: `microbatch ${batchName(batch, node.config.batch_size)}`,
    query,
    transaction: true,
    temporary: [fresh],
    steps: [
      statement("drop what an earlier run may have left", dialect.drop(fresh, "table")),
      statement("query the batch", dialect.createTableAs(fresh, query, "temporary")),
      ...(current === null
        ? [...emptyTable(node, into, fresh, dialect), ...indexSteps(node, into, dialect)]
        : [
            ...reconciled.steps,
            ...(beside ? [] : samePartitions(node, dialect)),
            statement("delete what it replaces", `delete from ${target} where ${isInside}`),
          ]),
      ...partitionSteps(model, into, from, dialect),
      counted("insert it", dialect.insert(into, reconciled.columns, from)),
      statement("drop the temporary table", dialect.drop(fresh, "table")),
      ...(beside ? [] : noteSteps(node, [batch], current === null, context)),
    ],
  };
}

/** Puts a table that was built beside, batch by batch, where the old one is. */
export function planTakeover(
  node: MicrobatchModel,
  batches: readonly Span[],
  current: CurrentRelation,
  context: BatchContext,
): NodePlan {
  const beside = besideRelation(node.relation, context.dialect);
  return {
    uniqueId: node.uniqueId,
    description: "microbatch (full refresh)",
    query: null,
    transaction: true,
    temporary: [beside],
    steps: [...swapSteps(node, beside, current, context.dialect), ...noteSteps(node, batches, true, context)],
  };
}

/** A batch that is still going on is done up to now, so that the next run finds the rest missing. */
function noteSteps(
  node: MicrobatchModel,
  batches: readonly Span[],
  isNew: boolean,
  { dialect, now, isPartial }: BatchContext,
): NodePlan["steps"] {
  const done = batches.map(({ start, end }) => ({ start, end: Math.max(start, Math.min(end, now)) }));
  const forget = isNew
    ? [statement("forget the batches of a table that is gone", forgetBatches(node.relation, dialect))]
    : [];
  const notes =
    done.length === 0
      ? []
      : isPartial
        ? [forgetSpans(node.relation, done, dialect)]
        : recordBatches(node.relation, done, now, dialect);
  const label = isPartial ? "note that it is not whole" : "note what is done";
  return [...forget, ...notes.map((sql) => statement(label, sql))];
}

/** Texts that stand for days are before each hour of theirs, so that rows would be lost unseen; dates have no hours, so that every hour but the first would be empty. */
function checkEventTime(node: MicrobatchModel, { queryColumns, dialect }: PlanContext): Problem[] {
  const { event_time, batch_size } = node.config;
  const type = queryColumns?.find(
    ({ name }) => dialect.identifierKey(name) === dialect.identifierKey(event_time),
  )?.type;
  if (type === undefined) return [];
  const conflict = (message: string, hint: string): Problem[] => [
    { ...node.place, code: "CONFIG_CONFLICT", message, hint },
  ];
  if (!/^(date|timestamp)/i.test(type))
    return conflict(
      `event_time "${event_time}" is ${type}, neither a date nor a timestamp`,
      `cast it in the query: cast(${dialect.quoteIdentifier(event_time)} as timestamp) as ${dialect.quoteIdentifier(event_time)}`,
    );
  if (batch_size !== "hour" || type.toLowerCase() !== "date") return [];
  return conflict(
    `batch_size "hour" cannot divide "${event_time}", which is a date`,
    'use batch_size "day", or a column with a time',
  );
}
