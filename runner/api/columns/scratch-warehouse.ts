import type { Adapter, ResultColumn, Session } from "../../adapters/adapter.ts";
import { loadCsv } from "../../adapters/duckdb/load-csv.ts";
import { loadFile } from "../../adapters/duckdb/load-file.ts";
import { openDuckDb } from "../../adapters/duckdb/open-duckdb.ts";
import { QueryError } from "../../adapters/query-error.ts";
import { duckdb } from "../../dialects/duckdb.ts";
import type { Worker } from "../../execute/schedule.ts";
import type { Relation, SeedNode } from "../../graph/types.ts";
import { planSeed } from "../../plan/plan-seed.ts";

/** An empty DuckDB in memory with tables of the columns that nodes have: what a query would return is asked of it, and what is wrong with it. */
export type ScratchWarehouse = {
  /** Makes an empty table of what a query returns; a QueryError, placed in the query, tells why it cannot run. */
  createAs(relation: Relation, sql: string): Promise<readonly ResultColumn[]>;
  /** Loads a seed's file to see what columns it has. */
  createSeed(node: SeedNode, path: string): Promise<readonly ResultColumn[]>;
  /** Makes an empty table of these columns. */
  create(relation: Relation, columns: readonly ResultColumn[]): Promise<void>;
};

/** Types that the catalogue spells as results do; lists, structs and their like it spells its own way. */
const SPELT_ALIKE = /^[A-Z][A-Z0-9_ ]*(?:\(\d+,\d+\))?$/;

const MEMORY = { type: "duckdb", name: "scratch", path: ":memory:", schema: "main", threads: 1 } as const;

/** Another way into the same one, for who works beside others. */
type OpenScratch = () => ScratchWarehouse & Worker;

/** Opens one for `body` when it is asked for something first, and closes it. */
export async function withScratch<T>(
  settings: Readonly<Record<string, string | number | boolean>>,
  body: (open: OpenScratch) => Promise<T>,
): Promise<T> {
  let adapter: Promise<Adapter> | undefined;
  const schemas = new Map<string, Promise<unknown>>();
  try {
    return await body(() =>
      scratchOf(async () => (await (adapter ??= openDuckDb({ ...MEMORY, settings }))).session(), schemas),
    );
  } finally {
    await (await adapter)?.close();
  }
}

/** `schemas`: those that are there. */
function scratchOf(
  openSession: () => Promise<Session>,
  schemas: Map<string, Promise<unknown>>,
): ScratchWarehouse & Worker {
  let opened: Promise<Session> | undefined;
  const open = (): Promise<Session> => (opened ??= openSession());
  const inMemory = async (session: Session, relation: Relation): Promise<Relation> => {
    const { schema } = relation;
    const making = schemas.get(schema) ?? session.run(duckdb.createSchema(schema));
    schemas.set(schema, making);
    await making;
    return { ...relation, database: null };
  };
  return {
    // Queries are asked one after the other by whoever holds it.
    interrupt: () => undefined,
    async close() {
      await (await opened)?.close();
    },
    async createAs(relation, sql) {
      const session = await open();
      const target = await inMemory(session, relation);
      const table = duckdb.quoteRelation(target);
      const create = `create or replace table ${table} as (\n${sql}\n) with no data`;
      try {
        // Both at once: sending takes as long as working it out.
        const { columns } = await session.query(`${create};\nfrom ${table} limit 0`);
        if (columns.every(({ type }) => SPELT_ALIKE.test(type))) return columns;
      } catch (error) {
        if (!(error instanceof QueryError)) throw error;
        // Told as what is wrong with the query alone.
        await session.run(create).catch(inQuery(sql));
      }
      return session.columnsOf(target);
    },
    async createSeed(node, path) {
      const session = await open();
      const target = await inMemory(session, node.relation);
      for (const step of planSeed({ ...node, relation: target }, path, null, { dialect: duckdb }).steps) {
        if (step.kind === "load-csv") await loadCsv(session, step.target, step.source);
        else if (step.kind === "load-file") await loadFile(session, step.target, step.source);
      }
      const columns = await session.columnsOf(target);
      await session.run(`truncate ${duckdb.quoteRelation(target)}`);
      return columns;
    },
    async create(relation, columns) {
      const list = columns.map(({ name, type }) => `${duckdb.quoteIdentifier(name)} ${type}`).join(", ");
      const session = await open();
      const table = duckdb.quoteRelation(await inMemory(session, relation));
      await session.run(`create or replace table ${table} (${list})`);
    },
  };
}

/** Our own words stand on the first line. */
const inQuery =
  (sql: string) =>
  (error: unknown): never => {
    if (!(error instanceof QueryError)) throw error;
    const place =
      error.line === null || error.line < 2 ? { line: null, column: null } : { line: error.line - 1 };
    throw error.restated({ sql, ...place });
  };
