import { setTimeout as sleep } from "node:timers/promises";
import { postgres } from "../../dialects/postgres.ts";
import type { Relation } from "../../graph/types.ts";
import type { Replacement } from "../../plan/step.ts";
import { temporaryName } from "../../plan/temporary-name.ts";
import { cellText } from "../cell-text.ts";
import { QueryError } from "../query-error.ts";
import { handOver, readBelongings } from "./belongings.ts";
import type { Belongings } from "./belongings.ts";
import { readRelation } from "./relation-facts.ts";
import type { RelationFacts } from "./relation-facts.ts";
import { besideOthers, inheritSteps, lockSteps, recreateSteps } from "./relation-sql.ts";
import type { Talk } from "./talk.ts";

type Talking = Pick<Talk, "query" | "run" | "script">;

/** How long readers may be made to wait behind us, who wait for those before them: less than the second after which the server looks for deadlocks. */
const LOCK_MS = 300;
/** Between two tries, so that readers get on. */
const PAUSE_MS = 100;
/** For the whole of it, where the session has no lock_timeout of its own. */
const PATIENCE_MS = 300_000;

/**
 * Gives `beside` the name, rights, comments and readers of `target`, in the transaction that runs. Views hold on to the very table that
 * they were made of; so those that read the old one are made again of the new one, where it still fits them. Readers of the data wait for the
 * renaming alone: nothing is locked before, and a lock that does not come at once is asked for again later, so that no queue forms behind it.
 */
export async function replaceRelation(session: Talking, replacement: Replacement): Promise<void> {
  const { target, beside, is } = replacement;
  const belongings = await readBelongings(session, replacement);
  await handOver(session, belongings.beside);
  const old = await lockAll(session, target, belongings.locks);
  if (old === undefined) {
    await session.run(postgres.rename(beside, is, target.identifier));
    return;
  }
  await seeThatNothingCame(session, replacement, belongings);
  if (is === "view" && old.kind === "view" && (await replacesInPlace(session, replacement))) return;
  const aside = {
    ...target,
    identifier: temporaryName(`${target.identifier}__old`, postgres.maxIdentifierLength),
  };
  const fresh = (await readRelation(session, beside))!;
  await session.script([
    postgres.rename(target, old.kind, aside.identifier),
    postgres.rename(beside, is, target.identifier),
    ...inheritSteps(target, old, fresh),
  ]);
  await rebuildReaders(session, old, replacement.own ?? []);
  await handOver(session, belongings.before);
  await session.run(postgres.drop(aside, old.kind));
  await handOver(session, belongings.after);
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
  const replaced = await attempt(session, [postgres.createView(target, sql)]);
  if (replaced) await session.run(postgres.drop(beside, "view"));
  return replaced;
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

/** Locks a relation and whatever reads it, readers first as a query of them does. Undefined: it is not there. */
async function lockAll(
  session: Talking,
  target: Relation,
  others: readonly string[],
): Promise<RelationFacts | undefined> {
  const { rows } = await session.query("select setting::bigint from pg_settings where name = 'lock_timeout'");
  const own = Number(rows[0]?.[0] ?? 0);
  const end = performance.now() + (own > 0 ? own : PATIENCE_MS);
  const reset = `set local lock_timeout = ${own}`;
  for (;;) {
    await session.run("savepoint statloom_lock");
    try {
      // The server reads what views say under a lock of all that they read, which is to go with the others: two who replace what one view
      // reads would each wait for the other.
      const seen = await readRelation(session, target);
      if (seen === undefined) return undefined;
      await session.script([
        `set local lock_timeout = ${LOCK_MS}`,
        ...others,
        ...lockSteps(target, seen),
        reset,
      ]);
      const now = await readRelation(session, target);
      if (JSON.stringify(now) === JSON.stringify(seen)) return now;
    } catch (error) {
      const isBusy = error instanceof QueryError && (error.kind === "locked" || error.kind === "conflict");
      if (!isBusy || performance.now() >= end) throw error;
    }
    // Somebody holds it, or made another view of it meanwhile.
    await session.run("rollback to savepoint statloom_lock");
    await sleep(PAUSE_MS * (0.5 + Math.random()));
  }
}
