import type { ResultTable, Session } from "../adapters/adapter.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { BUILDS, readBuilds } from "../plan/meta-builds.ts";
import { INGEST_BATCHES, readLogPositions } from "../plan/meta-runs.ts";
import { META_SCHEMA, SEEDS_TABLE, UNSETTLED_TABLE, readSeeds, readUnsettled } from "../plan/meta-tables.ts";
import { listSchemas } from "./warehouse-state.ts";
import type { ListedSchemas } from "./warehouse-state.ts";

type Rows = ResultTable["rows"];

/** All that a run asks of a warehouse before it decides what to build; as it was read, so that it can be written down. */
export type WarehouseFacts = {
  /** Of the schemas that were asked for, whether they are there or not. */
  readonly listed: ListedSchemas;
  /** Schema, name and fingerprint. */
  readonly seeds: Rows;
  /** As `readBuilds` asks for them, of those nodes that were asked for. */
  readonly builds: Rows;
  /** File and position. */
  readonly logPositions: Rows;
  /** Unique ids, one a row. */
  readonly unsettled: Rows;
};

/** `scope`: schema of the target. `ids`: of nodes whose builds are asked for; null: of all. A table that is not there has no rows: a look at a warehouse makes none. */
export async function readFacts(
  session: Session,
  dialect: Dialect,
  scope: string,
  schemas: Iterable<string>,
  ids: ReadonlySet<string> | null = null,
): Promise<WarehouseFacts> {
  const tables = await session.listRelations(META_SCHEMA);
  const rowsOf = async (table: string, sql: string): Promise<Rows> =>
    tables.has(table) ? (await session.query(sql)).rows : [];
  return {
    listed: await listSchemas(session, dialect, schemas),
    seeds: await rowsOf(SEEDS_TABLE, readSeeds(dialect)),
    builds: await rowsOf(BUILDS.relation.identifier, readBuilds(scope, dialect, ids)),
    logPositions: await rowsOf(INGEST_BATCHES.relation.identifier, readLogPositions(dialect)),
    unsettled: await rowsOf(UNSETTLED_TABLE, readUnsettled(dialect)),
  };
}
