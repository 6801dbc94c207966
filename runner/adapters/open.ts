import type { Target } from "../project/types.ts";
import type { Adapter } from "./adapter.ts";

/**
 * Opens the warehouse of a target and imports no engine but that one.
 * A warehouse that another process holds is a QueryError of kind "locked".
 */
export async function openAdapter(target: Target): Promise<Adapter> {
  switch (target.type) {
    case "duckdb": {
      const { openDuckDb } = await import("./duckdb/open-duckdb.ts");
      return openDuckDb(target);
    }
  }
}
