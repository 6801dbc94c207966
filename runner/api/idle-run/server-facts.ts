import type { Adapter } from "../../adapters/adapter.ts";
import { StatloomError } from "../../base/errors.ts";
import { sha256 } from "../../base/hash.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import { readFacts } from "../../execute/warehouse-facts.ts";
import type { WarehouseFacts } from "../../execute/warehouse-facts.ts";
import { readStaged } from "../../execute/warehouse-state.ts";
import type { StagedVintages } from "../../plan/source-relations.ts";

/** What of a server a run asks before it decides what to build: schemas of its relations, that of the target, that of what is staged. */
export type ServerScope = {
  readonly scope: string;
  readonly schemas: readonly string[];
  readonly staging: string;
};

export type ServerFacts = { readonly facts: WarehouseFacts; readonly staged: StagedVintages };

export async function readServer(
  adapter: Adapter,
  dialect: Dialect,
  { scope, schemas, staging }: ServerScope,
): Promise<ServerFacts> {
  const session = await adapter.session();
  try {
    const staged = await readStaged(session, dialect, staging);
    return { facts: await readFacts(session, dialect, scope, schemas), staged };
  } finally {
    await session.close();
  }
}

/** The same after a run; null: it cannot be asked any more. */
export async function readServerAfter(...asked: Parameters<typeof readServer>): Promise<ServerFacts | null> {
  try {
    return await readServer(...asked);
  } catch (error) {
    if (error instanceof StatloomError) return null;
    throw error;
  }
}

/** Names all of it, in whichever order the server gave it. */
export function hashOfServer({ facts, staged }: ServerFacts): string {
  const inOrder = (rows: Iterable<unknown>): string[] =>
    Array.from(rows, (row) => JSON.stringify(row)).sort();
  const listed = facts.listed.map(([schema, relations]) => [schema, inOrder(relations)]);
  const { seeds, builds, logPositions, unsettled } = facts;
  return sha256(
    JSON.stringify([inOrder(listed), ...[seeds, builds, logPositions, unsettled, staged].map(inOrder)]),
  );
}
