import { postgres } from "../../dialects/postgres.ts";
import type { Relation } from "../../graph/types.ts";
import type { Locked, Reader, RelationBelongings } from "./relation-facts.ts";

/**
 * Locks a relation and its readers for a change, the outermost reader first, as a query locks them: two that lock in one order never
 * wait for each other. To name the owner that it has changes nothing and takes the lock; `lock table` of a view would lock all that it reads.
 */
export const lockSteps = (locked: readonly Locked[]): string[] =>
  locked.map(({ kind, name, owner }) => `alter ${kind} ${name} owner to ${owner}`).toReversed();

/** What makes a new relation like the old one to everybody else: its owner, rights, options of a view, and comments where it has none of its own. */
export function inheritSteps(target: Relation, old: RelationBelongings, fresh: RelationBelongings): string[] {
  const name = postgres.quoteRelation(target);
  const own = new Set(fresh.columnComments.map(({ column }) => column));
  const comments = { ...old, comment: fresh.comment === null ? old.comment : null };
  const columnComments = old.columnComments.filter(
    ({ column }) => fresh.columns.includes(column) && !own.has(column),
  );
  return [
    ...(old.owner === fresh.owner ? [] : [`alter ${fresh.kind} ${name} owner to ${old.owner}`]),
    ...grantSteps(name, old, fresh),
    // Those of tables are of another kind, and are handed over with what else people add to tables.
    ...(old.kind !== "table" && old.kind === fresh.kind && old.options.length > 0
      ? [`alter ${old.kind} ${name} set (${old.options.join(", ")})`]
      : []),
    ...commentSteps(name, fresh.kind, { ...comments, columnComments }),
  ];
}

/** A reader with its definition as it was: names in it find the new table now. */
export const besideOthers = ({ name, definition, options }: Reader): string =>
  `create or replace view ${name}${withOptions(options)} as ${definition.replace(/;\s*$/, "")}`;

/** A reader that was dropped, as it was. */
export function recreateSteps(reader: Reader): string[] {
  const { name, kind, definition, options, isPopulated, indexes, triggers, owner } = reader;
  const query = definition.replace(/;\s*$/, "");
  const data = kind === "materialized view" && !isPopulated ? " with no data" : "";
  return [
    `create ${kind} ${name}${withOptions(options)} as ${query}${data}`,
    ...indexes,
    `alter ${kind} ${name} owner to ${owner}`,
    ...grantSteps(name, reader, null),
    ...commentSteps(name, kind, reader),
    ...triggers,
  ];
}

const withOptions = (options: readonly string[]): string =>
  options.length === 0 ? "" : ` with (${options.join(", ")})`;

/** Rights of the old one and no others; those that a database gives by default are taken back where the old one has its own. */
function grantSteps(name: string, old: RelationBelongings, fresh: RelationBelongings | null): string[] {
  if (old.grants === null && (fresh === null || fresh.grants === null)) return [];
  const strangers = new Set((fresh?.grants ?? []).map(({ grantee }) => grantee));
  const columns = fresh?.columns ?? old.columns;
  const kept = (old.grants ?? []).filter(({ column }) => column === null || columns.includes(column));
  return [
    ...Array.from(strangers, (grantee) => `revoke all on ${name} from ${grantee}`),
    ...(old.grants === null ? [`grant all on ${name} to ${old.owner}`] : []),
    ...kept.map(({ column, grantee, privilege, isGrantable }) => {
      const what = column === null ? privilege : `${privilege} (${column})`;
      return `grant ${what} on ${name} to ${grantee}${isGrantable ? " with grant option" : ""}`;
    }),
  ];
}

function commentSteps(
  name: string,
  kind: string,
  { comment, columnComments }: Pick<RelationBelongings, "comment" | "columnComments">,
): string[] {
  return [
    ...(comment === null ? [] : [`comment on ${kind} ${name} is ${postgres.literal(comment)}`]),
    ...columnComments.map(
      ({ column, comment: said }) => `comment on column ${name}.${column} is ${postgres.literal(said)}`,
    ),
  ];
}
