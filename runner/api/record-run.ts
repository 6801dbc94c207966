import { nameOfId, nodeOrUnitTest } from "../graph/node-by-id.ts";
import type { Adapter, ResultTable, Session } from "../adapters/adapter.ts";
import { cellText } from "../adapters/cell-text.ts";
import { runTogether } from "../adapters/run-together.ts";
import { StatloomError, messageOf } from "../base/errors.ts";
import { packageVersion } from "../base/package-root.ts";
import { redact } from "../base/secrets.ts";
import type { SqlValue } from "../dialects/dialect.ts";
import { createTables } from "../execute/warehouse-state.ts";
import type { FreshnessResult, NodeResult, NodeStatus } from "../execute/results.ts";
import type { RunEvent } from "../execute/run-event.ts";
import { createMetaTable, insertMetaRows, instantCell } from "../plan/meta-rows.ts";
import {
  FRESHNESS,
  INGEST_BATCHES,
  RUN_RESULTS,
  RUN_TABLES,
  RUNS,
  readLogPositions,
} from "../plan/meta-runs.ts";
import { retentionOf } from "../plan/meta-retention.ts";
import { META_SCHEMA } from "../plan/meta-tables.ts";
import { readBatchLog } from "../project/batch-log.ts";
import type { OpenProject } from "./open-project.ts";

const LONGEST_MESSAGE = 2000;
/** A message as it is kept: no secrets, not too long. */
export const noted = (message: string | null): string | null =>
  message === null ? null : redact(message).slice(0, LONGEST_MESSAGE);
type OnEvent = (event: RunEvent<never>) => void;

/** Makes the tables of the run history where they are missing, and reads into them what ingestion did since, so that models see both. */
export async function openHistory(open: OpenProject, session: Session, onEvent: OnEvent): Promise<void> {
  const { dialect, project } = open;
  await neverFail(onEvent, async () => {
    await createTables(
      session,
      dialect,
      RUN_TABLES.map((table) => createMetaTable(table, dialect)),
    );
    const { rows } = await session.query(readLogPositions(dialect));
    const batches = readBatchLog(project.landing, positionsOf(rows));
    if (batches.length === 0) return;
    const cells = batches.map(({ batch, file, position }): SqlValue[] => {
      const { published_at: published, finished_at: finished, ...rest } = batch;
      return INGEST_BATCHES.columns.map(([name]) => {
        if (name === "log_file") return file;
        if (name === "log_position") return position;
        if (name === "published_at") return published === null ? null : instantCell(published);
        if (name === "finished_at") return instantCell(finished);
        return rest[name as keyof typeof rest];
      });
    });
    await runTogether(session, insertMetaRows(INGEST_BATCHES, cells, dialect));
  });
}

/** How far each log of ingestion has been read, in bytes; `rows`: as `readLogPositions` asks for them. */
export const positionsOf = (rows: ResultTable["rows"]): Map<string, number> =>
  new Map(rows.map(([file, position]) => [cellText(file), Number(position)]));

/** Notes a run and what became of its nodes, in one transaction. A note that cannot be made is told, and no more. */
export async function recordRun(
  open: OpenProject,
  adapter: Adapter,
  command: string,
  results: readonly NodeResult[],
  onEvent: OnEvent,
): Promise<void> {
  if (results.length === 0) return;
  const { invocationId, dialect, parsed, project, effects, startedAt } = open;
  const count = (...statuses: NodeStatus[]): number =>
    results.filter(({ status }) => statuses.includes(status)).length;
  const failed = count("error", "fail", "partial success");
  const now = effects.now();
  const run: SqlValue[] = [
    invocationId,
    command,
    project.name,
    project.target.name,
    packageVersion(),
    instantCell(startedAt),
    instantCell(now.toISOString()),
    (now.getTime() - Date.parse(startedAt)) / 1000,
    failed > 0 ? "failed" : count("skipped") > 0 ? "incomplete" : "success",
    results.length,
    count("success", "pass"),
    count("warn"),
    failed,
    count("skipped"),
  ];
  const nodes = results.map((result): SqlValue[] => {
    const node = nodeOrUnitTest(parsed.graph, result.uniqueId);
    const timing = result.timing.at(-1);
    return [
      invocationId,
      result.uniqueId,
      node?.resourceType ?? "",
      nameOfId(parsed.graph, result.uniqueId),
      result.status,
      timing ? instantCell(timing.startedAt) : null,
      timing ? instantCell(timing.completedAt) : null,
      result.executionTime,
      result.rows,
      result.failures,
      noted(result.message),
    ];
  });
  await inSession(adapter, onEvent, [
    ...insertMetaRows(RUNS, [run], dialect),
    ...insertMetaRows(RUN_RESULTS, nodes, dialect),
    ...retentionOf(project.history, now.getTime(), dialect).runs,
  ]);
}

/** Notes how old sources and models were. */
export async function recordFreshness(
  open: OpenProject,
  adapter: Adapter,
  results: readonly FreshnessResult[],
  onEvent: OnEvent,
): Promise<void> {
  if (results.length === 0) return;
  const { invocationId, dialect, parsed, project, effects } = open;
  const rows = results.map((result): SqlValue[] => {
    const source = parsed.graph.sources.get(result.uniqueId);
    const node = parsed.graph.nodes.get(result.uniqueId);
    return [
      invocationId,
      result.uniqueId,
      source?.sourceName ?? node?.relation.schema ?? "",
      source?.name ?? nameOfId(parsed.graph, result.uniqueId),
      result.status,
      result.maxLoadedAt === null ? null : instantCell(result.maxLoadedAt),
      instantCell(result.snapshottedAt),
      result.ageSeconds,
      noted(result.message),
    ];
  });
  await inSession(adapter, onEvent, [
    dialect.createSchema(META_SCHEMA),
    createMetaTable(FRESHNESS, dialect),
    ...insertMetaRows(FRESHNESS, rows, dialect),
    ...retentionOf(project.history, effects.now().getTime(), dialect).freshness,
  ]);
}

/** Runs statements that make notes, in one transaction. That they cannot be made is told, and no more. */
export async function inSession(
  adapter: Adapter,
  onEvent: OnEvent,
  statements: readonly string[],
): Promise<void> {
  await neverFail(onEvent, async () => {
    const session = await adapter.session();
    try {
      await runTogether(session, statements);
    } finally {
      await session.close();
    }
  });
}

async function neverFail(onEvent: OnEvent, body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof StatloomError)) throw error;
    const message = `the history of runs could not be noted in the schema "${META_SCHEMA}": ${messageOf(error)}`;
    onEvent({ kind: "warning", code: "META_NOT_WRITTEN", message, uniqueId: null });
  }
}
