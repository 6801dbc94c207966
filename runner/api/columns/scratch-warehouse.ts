import type { ResultColumn, Session } from "../../adapters/adapter.ts";
import { loadCsv } from "../../adapters/duckdb/load-csv.ts";
import { loadFile } from "../../adapters/duckdb/load-file.ts";
import { openDuckDb } from "../../adapters/duckdb/open-duckdb.ts";
import { QueryError } from "../../adapters/query-error.ts";
import { duckdb } from "../../dialects/duckdb.ts";
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

/** Opens one for `body` when it first asks, and closes it. */
export async function withScratch<T>(
  settings: Readonly<Record<string, string | number | boolean>>,
  body: (scratch: () => Promise<ScratchWarehouse>) => Promise<T>,
): Promise<T> {
  let adapter: Awaited<ReturnType<typeof openDuckDb>> | null = null;
  let scratch: ScratchWarehouse | null = null;
  try {
    return await body(async () => {
      adapter ??= await openDuckDb({ ...MEMORY, settings });
      return (scratch ??= scratchOf(await adapter.session()));
    });
  } finally {
    await (adapter as Awaited<ReturnType<typeof openDuckDb>> | null)?.close();
  }
}

function scratchOf(session: Session): ScratchWarehouse {
  const schemas = new Set<string>();
  const inMemory = async (relation: Relation): Promise<Relation> => {
    if (!schemas.has(relation.schema)) await session.run(duckdb.createSchema(relation.schema));
    schemas.add(relation.schema);
    return { ...relation, database: null };
  };
  return {
    async createAs(relation, sql) {
      const target = await inMemory(relation);
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
      const target = await inMemory(node.relation);
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
      const table = duckdb.quoteRelation(await inMemory(relation));
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
