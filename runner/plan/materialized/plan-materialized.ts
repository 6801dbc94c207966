import type { HeldIndex, HeldView } from "./held-view.ts";
import { throwProblems } from "../../base/errors.ts";
import type { Dialect, MaterializedSpelling } from "../../dialects/dialect.ts";
import type { Index, ModelNode } from "../../graph/types.ts";
import { checkIndexColumns, indexSteps, labelOf } from "../indexes.ts";
import { nodeQuery } from "../node-query.ts";
import type { PlanContext } from "../plan-context.ts";
import { counted, statement } from "../statement.ts";
import type { CurrentRelation, NodePlan, Step } from "../step.ts";
import { besideRelation, swapGuard, swapSteps } from "../swap.ts";

/**
 * Refreshes what is the same, without making readers wait where an index allows it. Other SQL makes another view, which takes the place
 * of the old one; other indexes are changed in place. What `on_configuration_change` says of either: `apply` does so, `continue`
 * warns and refreshes what there is, `fail` throws a ProjectError.
 */
export function planMaterialized(
  node: ModelNode,
  sql: string,
  current: CurrentRelation,
  held: HeldView | null,
  { dialect, fullRefresh, queryColumns }: PlanContext,
): NodePlan {
  const spelling = dialect.materializedViews!;
  const query = nodeQuery(sql);
  const names = queryColumns?.map(({ name }) => name) ?? [];
  if (names.length > 0) throwProblems(checkIndexColumns(node, names, dialect));
  const common = { uniqueId: node.uniqueId, query, transaction: true };
  const description = "materialized view";
  if (current === null) {
    const create = counted("create the materialized view", spelling.create(node.relation, query));
    const steps = [create, ...indexSteps(node, node.relation, dialect)];
    return { ...common, description, temporary: [], steps };
  }
  const isOurs = current.kind === "materialized view" && held !== null;
  const change = isOurs ? changeOf(node, held) : null;
  const what = change === null ? [] : wordsOf(change);
  const { on_configuration_change: policy } = node.config;
  const isRebuilt = !isOurs || (node.config.full_refresh ?? fullRefresh);
  if (!isRebuilt && what.length > 0 && policy === "fail") throwProblems([changed(node, what)]);
  const isApplied = policy === "apply" && change !== null;
  if (isRebuilt || (isApplied && change.isOther)) {
    const beside = besideRelation(node.relation, dialect);
    return {
      ...common,
      description: isOurs ? `${description} (rebuilt)` : description,
      temporary: [beside],
      steps: [
        ...swapGuard(node, current, dialect),
        statement("drop what an earlier run may have left", dialect.drop(beside, description)),
        counted("build the materialized view beside", spelling.create(beside, query)),
        ...swapSteps(node, beside, current, dialect),
      ],
    };
  }
  const kept = isApplied ? change.kept : held!.indexes;
  const analyze = dialect.analyze(node.relation);
  return {
    ...common,
    description: `${description} (refreshed)`,
    temporary: [],
    steps: [
      ...(isApplied ? dropSteps(node, change.gone, spelling) : []),
      statement(
        "refresh it",
        spelling.refresh(
          node.relation,
          kept.some(({ isKey }) => isKey),
        ),
      ),
      ...(isApplied ? createSteps(node, change.added, dialect) : []),
      ...(analyze === null ? [] : [statement("see what it holds", analyze)]),
    ],
    warnings:
      policy === "continue" && what.length > 0
        ? [{ code: "CONFIGURATION_CHANGED", message: `${changed(node, what).message}: left as it was` }]
        : [],
  };
}

type Change = {
  readonly isOther: boolean;
  readonly added: readonly Index[];
  readonly gone: readonly HeldIndex[];
  readonly kept: readonly HeldIndex[];
};

function changeOf({ config }: ModelNode, { isSame, indexes }: HeldView): Change {
  const key = ({ columns, unique, type }: Index): string =>
    JSON.stringify([columns, unique, type?.toLowerCase() ?? "btree"]);
  const wanted = new Map(config.indexes.map((index) => [key(index), index]));
  const there = new Set(indexes.map(key));
  return {
    isOther: !isSame,
    added: Array.from(wanted)
      .filter(([facts]) => !there.has(facts))
      .map(([, index]) => index),
    gone: indexes.filter((index) => !wanted.has(key(index))),
    kept: indexes.filter((index) => wanted.has(key(index))),
  };
}

const wordsOf = ({ isOther, added, gone }: Change): string[] => [
  ...(isOther ? ["its SQL is another"] : []),
  ...added.map((index) => `${nameOf(index)} is new`),
  ...gone.map((index) => `${nameOf(index)} is gone`),
];

const nameOf = ({ columns, unique }: Index): string =>
  `the ${unique ? "unique " : ""}index on ${columns.map((column) => `"${column}"`).join(", ")}`;

const changed = ({ name, place }: ModelNode, what: readonly string[]) => ({
  ...place,
  code: "CONFIGURATION_CHANGED",
  message: `the materialized view "${name}" has changed: ${what.join("; ")}`,
  hint: 'set on_configuration_change to "apply", or rebuild it with --full-refresh',
});

const dropSteps = (
  { relation }: ModelNode,
  gone: readonly HeldIndex[],
  spelling: MaterializedSpelling,
): Step[] =>
  gone.map(({ name }) => statement(`drop the index "${name}"`, spelling.dropIndex(relation.schema, name)));

const createSteps = ({ relation }: ModelNode, added: readonly Index[], dialect: Dialect): Step[] =>
  added.map((index) => statement(labelOf(index), dialect.createIndex(relation, index)));
