import { existsSync } from "node:fs";
import type { Adapter, Session } from "../adapters/adapter.ts";
import { openAdapter } from "../adapters/open.ts";
import { publishedPath } from "../adapters/publish.ts";
import { QueryError } from "../adapters/query-error.ts";
import type { Target } from "../project/types.ts";

/**
 * Opens a warehouse for `body` and closes it, whatever happens. Written out instead of `await using`, which Node 22 cannot read when
 * the sources run unbuilt.
 */
export async function withAdapter<T>(
  target: Target,
  body: (adapter: Adapter, isCopy: boolean) => Promise<T>,
): Promise<T> {
  const { adapter, isCopy } = await openToRead(target);
  try {
    return await body(adapter, isCopy);
  } finally {
    await adapter.close();
  }
}

/** What only reads is not held up by a run: the published copy serves while another process holds the warehouse. */
export async function openToRead(target: Target): Promise<{ adapter: Adapter; isCopy: boolean }> {
  try {
    return { adapter: await openAdapter(target), isCopy: false };
  } catch (error) {
    const isLocked = error instanceof QueryError && error.kind === "locked";
    const path = publishedPath(target);
    if (!isLocked || target.type !== "duckdb" || path === undefined || !existsSync(path)) throw error;
    return { adapter: await openAdapter({ ...target, path, readOnly: true }), isCopy: true };
  }
}

/** The same for work that needs one session. */
export function withSession<T>(
  target: Target,
  body: (session: Session, isCopy: boolean) => Promise<T>,
): Promise<T> {
  return withAdapter(target, async (adapter, isCopy) => {
    const session = await adapter.session();
    try {
      return await body(session, isCopy);
    } finally {
      await session.close();
    }
  });
}
