import { addTo } from "../base/group-by.ts";
import { QueryError } from "../adapters/query-error.ts";
import type { TestNode } from "../graph/types.ts";
import { failuresByValue } from "./by-value.ts";
import type { ByValue } from "./by-value.ts";
import { failuresOf, isWhole, planScan } from "./plan-scan.ts";
import type { ScanFound, ScanMember } from "./plan-scan.ts";
import type { Asking } from "./asking.ts";

/** The passes of one run over the relations that its tests look at, each made when the first of its tests comes up. */
export type Scans = {
  /** What is known of a test, and its share of the seconds that the pass took. */
  find(test: TestNode, session: Asking): Promise<ScanFound & { readonly seconds: number }>;
};

/** A select list has its limits, PostgreSQL's the narrowest: 1,664 columns, of which a test takes up to four. */
const AT_MOST = 200;
const NOTHING: ScanFound = { failures: null, rowsChecked: null, measured: null };

/** `done`: null where the engine refused the pass. */
type Scan = {
  readonly members: readonly ScanMember[];
  done?: Promise<readonly ScanFound[] | null>;
  seconds: number;
};

/**
 * Tests that look at the same relation and wait for the same nodes are computed in one pass. `waitsFor` gives what a test depends on in
 * this run; `alone`: every test is a query of its own, and a pass tells only how many rows there are.
 */
export function createScans(
  tests: readonly ScanMember[],
  waitsFor: (test: TestNode) => readonly string[],
  alone: boolean,
  byValue: ByValue | null = null,
): Scans {
  const groups = new Map<string, ScanMember[]>();
  for (const [i, member] of tests.entries()) {
    const { test, rows } = member;
    const key = JSON.stringify([
      rows.relation,
      isWhole(member) ? [rows.where] : null,
      waitsFor(test).toSorted(),
      alone || isByItself(test) ? i + 1 : 0,
    ]);
    addTo(groups, key, member);
  }
  const scanOf = new Map<string, Scan>();
  for (const group of groups.values()) {
    for (let from = 0; from < group.length; from += AT_MOST) {
      const scan: Scan = { members: group.slice(from, from + AT_MOST), seconds: 0 };
      for (const { test } of scan.members) scanOf.set(test.uniqueId, scan);
    }
  }
  return {
    async find({ uniqueId }, session) {
      const scan = scanOf.get(uniqueId);
      if (!scan) return { ...NOTHING, seconds: 0 };
      scan.done ??= runScan(scan, session, !alone, byValue);
      const found = await scan.done.catch((error: unknown) => {
        // Another try looks anew.
        delete scan.done;
        throw error;
      });
      const at = scan.members.findIndex(({ test }) => test.uniqueId === uniqueId);
      if (found) return { ...found[at]!, seconds: scan.seconds / scan.members.length };
      // Its own query then tells what is wrong, and with which of them.
      const own = { members: [scan.members[at]!], seconds: 0 };
      const [facts = NOTHING] = (await runScan(own, session, false, null)) ?? [];
      return { ...facts, seconds: own.seconds };
    },
  };
}

/** What stops a test, or has it tried again, is its own. */
const isByItself = ({ config: { timeout, retries } }: TestNode): boolean =>
  timeout !== null || retries.count > 0;

async function runScan(
  scan: Scan,
  session: Asking,
  judges: boolean,
  byValue: ByValue | null,
): Promise<readonly ScanFound[] | null> {
  const begin = performance.now();
  try {
    const known =
      judges && byValue ? await failuresByValue(scan.members, session, byValue) : new Map<string, number>();
    const { query, read } = planScan(scan.members, ({ uniqueId }) => judges && !known.has(uniqueId));
    const found = read((await session.query(query)).rows[0] ?? []);
    return found.map((facts, i) => {
      const { test, rows } = scan.members[i]!;
      const failing = known.get(test.uniqueId);
      return failing === undefined ? facts : { ...facts, failures: failuresOf(test, rows.scan, failing) };
    });
  } catch (error) {
    if (!(error instanceof QueryError) || error.kind === "cancelled" || error.kind === "lost") throw error;
    return null;
  } finally {
    scan.seconds = (performance.now() - begin) / 1000;
  }
}
