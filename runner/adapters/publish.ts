import type { Target } from "../project/types.ts";

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
      return publishCopy(target.path, target.publish);
    }
    case "postgres":
      return "unchanged";
  }
}
