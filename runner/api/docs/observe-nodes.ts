import type { Cell, Session } from "../../adapters/adapter.ts";
import { cellText } from "../../adapters/cell-text.ts";
import { isStop } from "../../adapters/query-error.ts";
import { StatloomError, messageOf } from "../../base/errors.ts";
import { profileRelation } from "../../checks/profile/profile.ts";
import type { ColumnProfile } from "../../checks/profile/profile.ts";
import type { ColumnFacts, Example } from "../../docs/data/node-types.ts";
import type { ObservedNode } from "../../docs/observed.ts";
import type { OpenProject } from "../open-project.ts";
import { goOn } from "../stop-with.ts";
import type { FactsCache } from "./facts-cache.ts";

const ROWS = 8;
/** Characters of a value. */
const LONGEST = 120;

/** A relation to look at; `state` changes when its rows may have, and is empty where nobody knows. */
export type Subject = { readonly id: string; readonly from: string; readonly state: string };

/**
 * Profiles and first rows of relations, as many at once as there are sessions. One that cannot be read is told to `warn`, and is shown
 * without.
 */
export async function observeNodes(
  { dialect, effects }: OpenProject,
  subjects: readonly Subject[],
  sessions: readonly Session[],
  cache: FactsCache,
  warn: (message: string) => void,
): Promise<Record<string, ObservedNode>> {
  const found: Record<string, ObservedNode> = {};
  const waiting = subjects.values();
  const work = async (session: Session): Promise<void> => {
    for (const { id, from, state } of waiting) {
      goOn(effects.signal);
      try {
        found[id] = await cache.get(id, state, () => observe(session, from));
      } catch (error) {
        if (!(error instanceof StatloomError) || isStop(error)) throw error;
        warn(`${id} could not be profiled: ${messageOf(error).split("\n")[0]}`);
      }
    }
  };
  await Promise.all(sessions.map(work));
  return found;

  async function observe(session: Session, from: string): Promise<ObservedNode> {
    const columns = await session.describe(`select * from ${from}`);
    const profile = await profileRelation(session, from, columns, dialect);
    const { rows } = await session.query(`select * from ${from} limit ${ROWS}`);
    return {
      rows: profile.rows,
      columns: profile.columns.map((column) => ({
        name: column.name,
        type: column.type,
        facts: factsOf(column, profile.rows),
      })),
      example: exampleOf(
        columns.map(({ name }) => name),
        rows,
      ),
    };
  }
}

const factsOf = (
  { nulls, distinct, min, max, quartiles, top, histogram }: ColumnProfile,
  rows: number,
): ColumnFacts => ({
  nullShare: rows === 0 ? 0 : nulls / rows,
  distinct,
  min: min === null ? null : cut(min),
  max: max === null ? null : cut(max),
  median: quartiles?.[1] ?? null,
  top: top.map(({ value, count }) => [cut(value), count] as const),
  histogram,
});

const exampleOf = (columns: readonly string[], rows: readonly (readonly Cell[])[]): Example => ({
  columns,
  rows: rows.map((row) => row.map((cell) => (cell === null ? null : cut(cellText(cell))))),
});

const cut = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`);
