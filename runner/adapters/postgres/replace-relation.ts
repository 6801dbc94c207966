import { postgres } from "../../dialects/postgres.ts";
import type { Relation } from "../../graph/types.ts";
import type { Replacement } from "../../plan/step.ts";
import { temporaryName } from "../../plan/temporary-name.ts";
import { cellText } from "../cell-text.ts";
import { QueryError } from "../query-error.ts";
import { handOver, readBelongings } from "./belongings.ts";
import type { Belongings } from "./belongings.ts";
import { UNDO, answersOf, patiently } from "./patiently.ts";
import { askFacts, askSeen, factsOf, seenOf } from "./relation-facts.ts";
import type { Facts, Reach, RelationFacts, Seen } from "./relation-facts.ts";
import { besideOthers, inheritSteps, lockSteps, recreateSteps } from "./relation-sql.ts";
import { replaceView } from "./replace-view.ts";
import type { Talk } from "./talk.ts";

type Talking = Pick<Talk, "query" | "ask" | "run" | "runEach" | "script" | "asking">;

/**
 * Gives `beside` the name, rights, comments and readers of `target`, in the transaction that runs. Views hold on to the very table that
 * they were made of; so those that read the old one are made again of the new one, where it still fits them. Readers of the data wait for the
 * renaming alone: nothing is locked before, and a lock that does not come at once is asked for again later, so that no queue forms behind it.
 */
export async function replaceRelation(session: Talking, replacement: Replacement): Promise<void> {
  if (replacement.is === "view" && (await replacesInPlace(session, replacement))) return;
  const tried = await replaceAtOnce(session, replacement, null);
  if (tried === "done") return;
  const belongings = await readBelongings(session, replacement);
  await handOver(session, belongings.beside);
  // What a project declares comes with what it builds: nothing but that is no more than usual.
  const isEmpty = Object.values(belongings).every(({ length }) => length === 0);
  if (tried === "more" && isEmpty && (await replaceAtOnce(session, replacement, belongings)) === "done")
    return;
  await replaceWithCare(session, replacement, belongings);
}

/**
 * The usual case, what others read through views that the new one fits, in three messages to the server. Else nothing is done: "more" may
 * belong to the table, of which nothing is known yet where `belongings` are null.
 */
async function replaceAtOnce(
  session: Talking,
  replacement: Replacement,
  belongings: Belongings | null,
): Promise<"done" | "more" | "unfit"> {
  const { target, beside, is } = replacement;
  const hasMore = (seen: Seen): boolean => is === "table" && seen.hasMore;
  let why: "more" | "unfit" = "unfit";
  const found = await lockAll(session, replacement, {
    reach: "direct",
    isUsual: (seen) => {
      why = hasMore(seen) && belongings === null ? "more" : "unfit";
      return why === "unfit" && seen.locked.slice(1).every(({ kind }) => kind === "view");
    },
  });
  if (found === "none") {
    await session.run(postgres.rename(beside, is, target.identifier));
    return "done";
  }
  if (found === "unusual") return why;
  if (hasMore(found.seen)) await seeThatNothingCame(session, replacement, belongings!);
  const { steps, aside } = swap(replacement, found);
  try {
    await session.script([
      ...steps,
      ...found.target.readers.map(besideOthers),
      postgres.drop(aside, found.target.kind),
    ]);
    return "done";
  } catch (error) {
    if (!(error instanceof QueryError) || error.kind !== "sql") throw error;
    await session.run(UNDO);
    return "unfit";
  }
}

async function replaceWithCare(
  session: Talking,
  replacement: Replacement,
  belongings: Belongings,
): Promise<void> {
  const { target, beside, is, own = [] } = replacement;
  const found = await lockAll(session, replacement, { reach: "all", others: belongings.locks });
  if (typeof found === "string") {
    await session.run(postgres.rename(beside, is, target.identifier));
    return;
  }
  const old = found.target;
  await seeThatNothingCame(session, replacement, belongings);
  const { steps, aside } = swap(replacement, found);
  await session.script(steps);
  await rebuildReaders(session, old, own);
  await handOver(session, belongings.before);
  await session.run(postgres.drop(aside, old.kind));
  await handOver(session, belongings.after);
}

/** The new one gets the name, and the old one another. */
function swap(
  { target, beside, is }: Replacement,
  { target: old, beside: fresh }: Facts,
): { steps: string[]; aside: Relation } {
  const identifier = temporaryName(`${target.identifier}__old`, postgres.maxIdentifierLength);
  const steps = [
    postgres.rename(target, old.kind, identifier),
    postgres.rename(beside, is, target.identifier),
    ...inheritSteps(target, old, fresh),
  ];
  return { steps, aside: { ...target, identifier } };
}

/** What belongs to the old table was read before it was locked: what came since must not be lost, so that all of it is done again. */
async function seeThatNothingCame(
  session: Talking,
  replacement: Replacement,
  { before, after, locks }: Belongings,
): Promise<void> {
  const now = await readBelongings(session, replacement);
  const same = JSON.stringify([before, after, locks]) === JSON.stringify([now.before, now.after, now.locks]);
  if (same) return;
  const message = "somebody changed the table while its new rows were made";
  throw new QueryError({ message, kind: "conflict", sql: "" });
}

/** Keeps the view itself, with its rights and readers, where the new one has its columns and perhaps more. */
async function replacesInPlace(session: Talking, { target, beside }: Replacement): Promise<boolean> {
  const definition = `select pg_get_viewdef(${postgres.literal(postgres.quoteRelation(beside))}::regclass)`;
  const sql = cellText((await session.query(definition)).rows[0]?.[0]).replace(/;\s*$/, "");
  const isReplaced = await replaceView(session, target, postgres.createView(target, sql));
  if (isReplaced) await session.run(postgres.drop(beside, "view"));
  return isReplaced;
}

/** Runs statements under a savepoint: false, and nothing done, where the server says that they do not fit what is there. */
async function attempt(session: Talking, statements: readonly string[]): Promise<boolean> {
  await session.run("savepoint statloom_attempt");
  try {
    await session.script([...statements, "release savepoint statloom_attempt"]);
    return true;
  } catch (error) {
    if (!(error instanceof QueryError) || error.kind !== "sql") throw error;
    await session.script(["rollback to savepoint statloom_attempt", "release savepoint statloom_attempt"]);
    return false;
  }
}

async function rebuildReaders(
  session: Talking,
  { readers }: RelationFacts,
  own: readonly Relation[],
): Promise<void> {
  const owned = new Set(own.map(({ schema, identifier }) => JSON.stringify([schema, identifier])));
  const gone = new Set<string>();
  for (const reader of readers) {
    if (gone.has(reader.name) || !reader.reads.includes("")) continue;
    const fits = reader.kind === "view" && (await attempt(session, [besideOthers(reader)]));
    if (fits) continue;
    const names = new Set([reader.name]);
    // They come in their order, so that whoever reads one of them comes after it.
    for (const { name, reads } of readers) if (reads.some((read) => names.has(read))) names.add(name);
    const below = readers.filter(({ name }) => names.has(name));
    for (const name of names) gone.add(name);
    await session.script(below.toReversed().map(({ kind, name }) => `drop ${kind} if exists ${name}`));
    for (const each of below) {
      if (owned.has(JSON.stringify([each.schema, each.identifier])))
        await attempt(session, recreateSteps(each));
      else await recreate(session, each);
    }
  }
}

async function recreate(session: Talking, reader: RelationFacts["readers"][number]): Promise<void> {
  try {
    await session.script(recreateSteps(reader));
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const message = `the ${reader.kind} ${reader.name} reads this table, and what is new does not fit it: ${error.message}\nchange or drop it first; nothing was changed`;
    throw error.restated({ message, line: null, column: null });
  }
}

/**
 * Locks a relation and whatever reads it, readers first as a query of them does, and says what there is to know of them. "none": it is not there;
 * "unusual": what was seen before anything was locked is not what is asked for.
 */
function lockAll(
  session: Talking,
  { target, beside }: Replacement,
  { reach, others = [], isUsual = () => true }: Asked,
): Promise<Facts | "none" | "unusual"> {
  const [name, besideName] = [postgres.quoteRelation(target), postgres.quoteRelation(beside)];
  return patiently(
    session,
    async () => [await session.asking(askSeen(reach, name))],
    async (found, { wait, reset }) => {
      const seen = seenOf(found[0]!);
      if (seen === undefined) return "none";
      if (!isUsual(seen)) return "unusual";
      // The server reads what views say under a lock of all that they read, which is to go with the others: two who replace what one view
      // reads would each wait for the other.
      const facts = await session.asking(askFacts(reach, name, besideName));
      const results = await session.script([wait, ...others, ...lockSteps(seen.locked), facts, reset]);
      const held = factsOf(answersOf(results)[0]!);
      return JSON.stringify(held?.seen) === JSON.stringify(seen) ? held : undefined;
    },
  );
}

type Asked = {
  readonly reach: Reach;
  /** Locks on what does not read it. */
  readonly others?: readonly string[];
  readonly isUsual?: (seen: Seen) => boolean;
};
