import type { Cell, Session } from "../../adapters/adapter.ts";
import { cellText, cellTextOrNull } from "../../adapters/cell-text.ts";
import { statusOf } from "../../docs/data/outcomes.ts";
import type { IngestBatch, RunSummary } from "../../docs/data/runs-types.ts";
import type { History, PastFreshness, PastResult } from "../../docs/observed.ts";
import type { MetaTable } from "../../plan/meta-rows.ts";
import { FRESHNESS, INGEST_BATCHES, RUN_RESULTS, RUNS } from "../../plan/meta-runs.ts";
import { META_SCHEMA } from "../../plan/meta-tables.ts";
import type { OpenProject } from "../open-project.ts";

/** Runs that are listed, runs whose results are read, results in all, and batches and looks at freshness. */
const MOST = { runs: 100, detailed: 30, results: 200_000, batches: 100, freshness: 2000 };

/** The `meta` tables of the target: what they do not have is empty. */
export async function readHistory(open: OpenProject, session: Session): Promise<History> {
  const tables = await session.listRelations(META_SCHEMA);
  const { dialect, project } = open;
  const rowsOf = async <T>(
    table: MetaTable,
    columns: readonly string[],
    rest: string,
    make: (row: readonly Cell[]) => T,
  ): Promise<T[]> => {
    if (!tables.has(table.relation.identifier)) return [];
    const from = dialect.quoteRelation(table.relation);
    const { rows } = await session.query(`select ${columns.join(", ")} from ${from} ${rest}`);
    return rows.map(make);
  };
  const mine = `where project = ${dialect.literal(project.name)} and target = ${dialect.literal(project.target.name)}`;
  const runs = await rowsOf(
    RUNS,
    ["run_id", "command", "started_at", "seconds", "status", "nodes", "ok", "warned", "failed", "skipped"],
    `${mine} order by started_at desc limit ${MOST.runs}`,
    runOf,
  );
  const newest = runs.slice(0, MOST.detailed).map(({ id }) => dialect.literal(id));
  const results =
    newest.length === 0
      ? []
      : await rowsOf(
          RUN_RESULTS,
          [
            "run_id",
            "node_id",
            "status",
            "started_at",
            "completed_at",
            "seconds",
            "rows",
            "failures",
            "message",
          ],
          `where run_id in (${newest.join(", ")}) order by completed_at desc limit ${MOST.results}`,
          resultOf,
        );
  const freshness = await rowsOf(
    FRESHNESS,
    ["node_id", "checked_at", "status", "max_loaded_at", "message"],
    `order by checked_at desc limit ${MOST.freshness}`,
    freshnessOf,
  );
  const batches = await rowsOf(
    INGEST_BATCHES,
    ["finished_at", "publisher", "dataset", "outcome", "rows", "rejected", "seconds", "message"],
    `order by finished_at desc limit ${MOST.batches}`,
    batchOf,
  );
  // What was skipped has no time of its own.
  const begun = new Map(runs.map(({ id, at }) => [id, at]));
  const placed = results.map((result) =>
    result.at === "" ? { ...result, at: begun.get(result.run) ?? "" } : result,
  );
  return { runs, results: placed.toReversed(), freshness: freshness.toReversed(), batches };
}

/** Instants of the tables are in UTC without saying so. */
const instant = (cell: Cell | undefined): string | null => {
  const text = cellTextOrNull(cell);
  return text === null ? null : `${text.replace(" ", "T").slice(0, 23)}Z`;
};
const number = (cell: Cell | undefined): number | null =>
  cell === null || cell === undefined ? null : Number(cell);
const count = (cell: Cell | undefined): number => number(cell) ?? 0;
const text = (cell: Cell | undefined): string => cellTextOrNull(cell) ?? "";

function runOf([
  id,
  command,
  at,
  seconds,
  ,
  nodes,
  ok,
  warned,
  failed,
  skipped,
]: readonly Cell[]): RunSummary {
  return {
    id: cellText(id),
    command: text(command),
    at: instant(at) ?? "",
    seconds: count(seconds),
    status: count(failed) > 0 ? "bad" : count(warned) > 0 ? "warn" : "good",
    nodes: count(nodes),
    ok: count(ok),
    warned: count(warned),
    failed: count(failed),
    skipped: count(skipped),
  };
}

const resultOf = ([
  run,
  id,
  word,
  started,
  ended,
  seconds,
  rows,
  failures,
  message,
]: readonly Cell[]): PastResult => ({
  run: cellText(run),
  id: cellText(id),
  word: text(word),
  status: statusOf(text(word)),
  at: instant(started) ?? instant(ended) ?? "",
  ended: instant(ended),
  seconds: number(seconds),
  rows: number(rows),
  failures: number(failures),
  message: text(message),
});

const freshnessOf = ([id, at, word, loaded, message]: readonly Cell[]): PastFreshness => ({
  id: cellText(id),
  at: instant(at) ?? "",
  word: text(word),
  loadedAt: instant(loaded),
  message: text(message),
});

const batchOf = ([
  at,
  publisher,
  dataset,
  outcome,
  rows,
  rejected,
  seconds,
  message,
]: readonly Cell[]): IngestBatch => ({
  at: instant(at) ?? "",
  publisher: text(publisher),
  dataset: text(dataset),
  outcome: text(outcome),
  status:
    ({ landed: "good", unchanged: "good", held: "warn", failed: "bad" }[
      text(outcome)
    ] as IngestBatch["status"]) ?? "none",
  rows: number(rows),
  rejected: number(rejected),
  seconds: number(seconds),
  message: text(message),
});
