import { OperationError } from "../../../runner/base/errors.ts";
import {
  bookOf,
  editionAt,
  lockName,
  prepareSchema,
  readBatches,
  recordBatch,
  recordDocument,
  writeSlices,
} from "./bookkeeping.ts";
import { readTable } from "./columns.ts";
import { openConnection } from "./connection.ts";
import type { Session } from "./connection.ts";
import { loadDifference } from "./load-difference.ts";
import { showEditions } from "./editions.ts";
import { loadFirst } from "./load-first.ts";
import { stagingNames } from "./names.ts";
import type { Staged, StagedCounts, StagingEdition, StagingOptions } from "./staging.ts";

export type Staging = {
  /**
   * Brings `<schema>.<publisher>__<dataset>` to an edition, in one transaction: whatever happens, readers see the edition
   * before or this one. What the source throws is thrown on; what the server says is an OperationError.
   */
  stage(edition: StagingEdition): Promise<Staged>;
  close(): Promise<void>;
};

/** Staging tables in PostgreSQL. Connects with the first edition. */
export function openStaging(options: StagingOptions): Staging {
  const connection = openConnection(options);
  let isPrepared = false;
  return {
    async stage(edition) {
      if (!isPrepared) await connection.transaction((session) => prepareSchema(session, options.schema));
      isPrepared = true;
      return connection.transaction((session) => stageEdition(session, edition, options));
    },
    close: () => connection.close(),
  };
}

const FIVE_MINUTES = 300_000;

async function stageEdition(
  session: Session,
  edition: StagingEdition,
  options: StagingOptions,
): Promise<Staged> {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const names = stagingNames(options.schema, edition.publisher, edition.dataset);
  const book = bookOf(options.schema);
  const table = `${names.schema}.${names.table}`;
  await tune(session, options.lockTimeout ?? FIVE_MINUTES);
  await lockName(session, `table ${table}`);
  const { last, known } = await readBatches(session, book, names.table, edition.vintage);
  const standing = await readTable(session, names, last?.keyColumns ?? []);
  if (standing !== undefined) {
    if (last === undefined) refuseForeign(table);
    const isOlder = known || editionAt(edition) < last.editionAt;
    const isCurrent = last.vintage === edition.vintage;
    if (isCurrent) await showEditions(session, book, names, edition);
    if ((isCurrent && options.compare !== "all") || (isOlder && !isCurrent))
      return { outcome: isCurrent ? "already" : "older", table, counts: NOTHING, seconds: seconds() };
  }
  const { read, counts, keyColumns } =
    standing === undefined
      ? await firstLoad(loadFirst(session, book, names, edition, options))
      : await loadDifference(session, book, names, standing, edition, options);
  await writeSlices(session, book, names, read.column, read.slices);
  if (options.keepDocuments === "header") await recordDocument(session, book, edition);
  await showEditions(session, book, names, edition);
  await recordBatch(session, book, edition, { table: names.table, keyColumns, counts, seconds: seconds() });
  return { outcome: "loaded", table, counts, seconds: seconds() };
}

const NOTHING: StagedCounts = { rows: 0, inserted: 0, updated: 0, deleted: 0, unchanged: 0 };

async function firstLoad(loading: ReturnType<typeof loadFirst>) {
  const { keyColumns, ...read } = await loading;
  const counts = { ...NOTHING, rows: read.rows, inserted: read.rows };
  return { read, counts, keyColumns };
}

/**
 * For this transaction alone. Merge joins over codes sort both sides, which took five times as long as hashing; a sample
 * a fifth as large tells enough until the server analyzes the table itself.
 */
async function tune(session: Session, lockTimeout: number): Promise<void> {
  const settings = {
    work_mem: "'128MB'",
    maintenance_work_mem: "'256MB'",
    enable_mergejoin: "off",
    default_statistics_target: "20",
    statement_timeout: "0",
    idle_in_transaction_session_timeout: "0",
    lock_timeout: String(Math.ceil(lockTimeout)),
  };
  for (const [name, value] of Object.entries(settings)) await session.query(`set local ${name} = ${value}`);
}

function refuseForeign(table: string): never {
  throw new OperationError("STAGING_FOREIGN", `${table} is there, but no load made it`, {
    hint: "rename it, or name another schema in ingest.staging",
  });
}
