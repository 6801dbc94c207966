import { OperationError } from "../base/errors.ts";
import type { DuckDbTarget } from "../project/target-types.ts";
import type { Target } from "../project/types.ts";
import { QueryError } from "./query-error.ts";

/** `busy`: somebody else writes to the warehouse; what was published before stays. */
export type Published = "published" | "unchanged" | "busy";

/** Whether a target keeps a copy for readers, and where; what only a server holds needs none. */
export const publishedPath = (target: Target): string | undefined =>
  target.type === "duckdb" ? target.publish : undefined;

/**
 * Puts the warehouse as it is now in the place of the copy that readers see. It must be closed in this process. Engines whose readers
 * see whole states anyway have nothing to do. A failure is an OperationError.
 */
export async function publishWarehouse(target: Target): Promise<Published> {
  switch (target.type) {
    case "duckdb": {
      if (target.publish === undefined) return "unchanged";
      const { publishCopy } = await import("./duckdb/publish-copy.ts");
      const published = publishCopy(target.path, target.publish);
      if (published !== "busy" || !(await emptyLog(target, target.publish))) return published;
      return publishCopy(target.path, target.publish);
    }
    case "postgres":
      return "unchanged";
  }
}

/** Brings into the warehouse what closing it left in the log beside it, as for a disk that is full. false: another process has it open. */
async function emptyLog(target: DuckDbTarget, publish: string): Promise<boolean> {
  const { openDuckDb } = await import("./duckdb/open-duckdb.ts");
  try {
    const adapter = await openDuckDb(target);
    try {
      const session = await adapter.session();
      await session.run("checkpoint");
      await session.close();
    } finally {
      await adapter.close();
    }
    return true;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    if (error.kind === "locked") return false;
    throw new OperationError("DISK", `cannot publish ${publish}: ${error.message}`, { cause: error });
  }
}
