import type { Dialect, MergeSpec } from "../dialects/dialect.ts";
import { destination, enclose, source } from "../dialects/standard.ts";
import type { ModelNode, Relation } from "../graph/types.ts";
import type { Step } from "./step.ts";

/**
 * Sees that no row of the table would be updated by two new ones, of which an engine that refuses neither takes either. Two new rows
 * of one key that is not there yet are added both, as in dbt.
 */
export function doubleUpdateSteps(
  { name, relation }: ModelNode,
  fresh: Relation,
  { keys, predicates, update, updateIf }: MergeSpec,
  dialect: Dialect,
): Step[] {
  if (dialect.refusesDoubleUpdates || update.length === 0) return [];
  const quoted = keys.map((key) => dialect.quoteIdentifier(key));
  const list = quoted.join(", ");
  const from = dialect.quoteRelation(fresh);
  const twice = `select ${list} from ${from} group by ${list} having count(*) > 1`;
  const match = [
    dialect.sameRow(destination, source, quoted),
    ...predicates.map(enclose),
    ...(updateIf === null ? [] : [enclose(updateIf)]),
  ].join(" and ");
  const own = quoted.map((key) => `${source}.${key}`).join(", ");
  return [
    {
      kind: "assert-empty",
      label: "see that no row would be updated twice",
      onlyIf: { sql: `${twice} limit 1` },
      sql: `select ${own}, count(*) as copies from ${from} as ${source}
where exists (select 1 from (${twice}) as twice where ${dialect.sameRow("twice", source, quoted)})
  and exists (select 1 from ${dialect.quoteRelation(relation)} as ${destination} where ${match})
group by ${own} having count(*) > 1 limit 1`,
      code: "MERGE_KEY_DUPLICATE",
      message: `several new rows of "${name}" would update the same row`,
      hint: 'unique_key must identify a row that the query gives: let it give one row a key, or use incremental_strategy "delete+insert", which keeps all of them',
    },
  ];
}
