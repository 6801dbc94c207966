import type { Problem } from "../base/problems.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { ModelNode, Relation } from "../graph/types.ts";
import { instantText } from "./microbatch/batches.ts";
import { compareColumns } from "./reconcile-columns.ts";
import { statement } from "./statement.ts";
import type { Column, Step } from "./step.ts";
import { suffixed, temporaryName } from "./temporary-name.ts";
import type { TestedRows } from "./tested-rows.ts";

/** A test by what is true of a row that must not be. */
export type RowTest = { readonly name: string; readonly rows: TestedRows };

/** What rows are moved away for, and what is said of those that are. */
export type Quarantine = {
  /** The tests as they are to be asked of the relation that holds the node's rows now. */
  readonly testsOn: (made: Relation) => readonly RowTest[];
  readonly runId: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Columns of what earlier runs moved; null: there is no such table. */
  readonly held: readonly Column[] | null;
};

/** Where the rows go that tests find: `orders__quarantine`. */
export const quarantineOf = ({ relation }: ModelNode, dialect: Dialect): Relation => ({
  ...relation,
  identifier: suffixed(relation.identifier, "__quarantine", dialect.maxIdentifierLength),
});

type Facts = {
  readonly dialect: Dialect;
  /** Those of the query. */
  readonly columns: readonly Column[];
  /** `made` is the whole table, not what is added to one. */
  readonly isWhole: boolean;
};

/**
 * Moves the rows of `made` that a test finds to the node's quarantine, with the names of the tests, unless they are more than the share that may go.
 * A whole table takes its quarantine anew, so that the two together are what the query gave; what is added adds there too, and a key that comes
 * again leaves it first.
 */
export function quarantineSteps(
  node: ModelNode,
  made: Relation,
  quarantine: Quarantine,
  { dialect, columns, isWhole }: Facts,
): Step[] {
  const tests = quarantine.testsOn(made);
  const { identifier } = node.relation;
  const failing = dialect.temporaryRelation(
    temporaryName(`${identifier}__failing`, dialect.maxIdentifierLength),
  );
  const [found, from] = [dialect.quoteRelation(failing), dialect.quoteRelation(made)];
  const target = quarantineOf(node, dialect);
  const own = ownColumns(dialect);
  const ids = dialect.rowId;
  const names = [...columns, ...own].map(({ name }) => name);
  const list = columns.map(({ name }) => `moved.${dialect.quoteIdentifier(name)}`);
  const facts = [
    `failing.statloom_tests as ${own[0].name}`,
    `${dialect.literal(quarantine.runId)} as ${own[1].name}`,
    `cast(${dialect.literal(instantText(quarantine.now).slice(0, 19))} as ${own[2].type}) as ${own[2].name}`,
  ];
  const moved = `select ${[...list, ...facts].join(", ")}
from ${from} as moved join ${found} as failing on ${ids.map((id, i) => `moved.${id} = failing.statloom_row_${i}`).join(" and ")}`;
  const move = (sql: string): Step => ({
    ...(statement("move them to quarantine", sql) as Step & { readonly kind: "statement" }),
    moves: true,
  });
  const { held } = quarantine;
  const change = held && compareColumns(held, [...columns, ...own], dialect);
  const isSame = change && change.added.length + change.gone.length + change.retyped.length === 0;
  const insert = move(dialect.insert(target, names, dialect.subquery(moved)));
  const filled: Step[] =
    change === null || (isWhole && !isSame)
      ? createSteps(target, moved, dialect, held !== null).map(move)
      : [
          ...change.added.map((column) =>
            statement(`add the column "${column.name}" there`, dialect.addColumn(target, column)),
          ),
          ...(isWhole
            ? [statement("empty the quarantine", `delete from ${dialect.quoteRelation(target)}`)]
            : comingAgain(node, target, made, dialect)),
          insert,
        ];
  const leave = `delete from ${from} where (${ids.join(", ")}) in (select ${rowNumbers(ids)} from ${found})`;
  return [
    statement("drop what an earlier run may have left", dialect.drop(failing, "table")),
    statement(
      "find the rows that fail",
      dialect.createTableAs(failing, failingQuery(from, tests, dialect), "temporary"),
    ),
    shareStep(node, found, from),
    ...filled,
    { kind: "statement", label: "take them away", sql: leave, counts: isWhole ? "less" : false },
    statement("drop the temporary table", dialect.drop(failing, "table")),
  ];
}

const createSteps = (
  target: Relation,
  query: string,
  dialect: Dialect,
  isThere: boolean,
): readonly string[] =>
  isThere ? dialect.replaceTable(target, query) : [dialect.createTableAs(target, query, "new")];

function comingAgain(node: ModelNode, target: Relation, made: Relation, dialect: Dialect): Step[] {
  const { unique_key: keys } = node.config;
  if (keys.length === 0) return [];
  return dialect
    .deleteMatching(target, made, keys, [])
    .map((sql) => statement("let go of what comes again", sql));
}

/** What a row in quarantine says of itself. */
const ownColumns = (dialect: Dialect) =>
  [
    { name: "_failed_tests", type: dialect.type("text") },
    { name: "_run_id", type: dialect.type("text") },
    { name: "_quarantined_at", type: dialect.type("timestamp") },
  ] as const;

/** Which rows fail, and what. Of a key that is there twice all rows do: which of them is right, nobody knows. */
function failingQuery(from: string, tests: readonly RowTest[], dialect: Dialect): string {
  const ids = dialect.rowId;
  const row = ids.map((id, i) => `tested.${id} as statloom_row_${i}`).join(", ");
  if (tests.length === 0)
    return `select ${row}, cast(null as ${dialect.type("text")}) as statloom_tests from ${from} as tested where false`;
  const flags = tests.map(({ rows }, i) => `${flagOf(rows)} as fails_${i}`);
  const reasons = tests.map(({ name }, i) => `case when fails_${i} then ${dialect.literal(name)} end`);
  return `select ${rowNumbers(ids)}, concat_ws(', ', ${reasons.join(", ")}) as statloom_tests
from (
select ${[row, ...flags].join(",\n  ")}
from ${from} as tested
) as judged
where ${tests.map((_, i) => `fails_${i}`).join(" or ")}`;
}

const rowNumbers = (ids: readonly string[]): string => ids.map((_, i) => `statloom_row_${i}`).join(", ");

function flagOf({ where, scan }: TestedRows): string {
  const within = (value: string): string =>
    where === null ? value : `case when (${where}\n) then ${value} end`;
  if (scan?.kind === "rows") return within(`(${scan.fails}\n)`);
  if (scan?.kind === "key") return within(`(count(${within(scan.key)}) over (partition by ${scan.key}) > 1)`);
  return "false";
}

function shareStep(node: ModelNode, found: string, from: string): Step {
  const share = node.config.quarantine?.max_share ?? 0;
  const counted = `select (select count(*) from ${found}) as rows_that_fail, (select count(*) from ${from}) as rows_in_all, (select string_agg(distinct statloom_tests, '; ') from ${found}) as tests`;
  return {
    kind: "assert-empty",
    label: "see that they are not too many",
    sql: `select * from (${counted}) as counted where rows_that_fail > ${share} * rows_in_all`,
    code: "QUARANTINE_FULL",
    message: `more rows of "${node.name}" fail its tests than the ${Number((share * 100).toPrecision(3))} % that may go to quarantine`,
    hint: "what was there before is still there; mend the query, or raise quarantine: {max_share: …}",
  };
}

/** What has no rows of its own to move; known before anything runs. */
export function checkQuarantine({ config, place }: ModelNode): Problem[] {
  const { materialized, incremental_strategy: strategy, quarantine } = config;
  const isBatches = materialized === "incremental" && strategy === "microbatch";
  if (quarantine === null || materialized === "table" || (materialized === "incremental" && !isBatches))
    return [];
  const kind = isBatches ? 'incremental_strategy "microbatch"' : `materialized "${materialized}"`;
  const hint = 'set materialized to "table", or quarantine: false';
  return [
    {
      ...place,
      code: "QUARANTINE_UNSUPPORTED",
      message: `quarantine moves rows of a table, and ${kind} has none to move`,
      hint,
    },
  ];
}
