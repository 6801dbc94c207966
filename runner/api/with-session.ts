import type { Adapter, Session } from "../adapters/adapter.ts";
import { openAdapter } from "../adapters/open.ts";
import type { Target } from "../project/types.ts";

/**
 * Opens a warehouse for `body` and closes it, whatever happens. Written out instead of `await using`, which Node 22 cannot read when
 * the sources run unbuilt.
 */
export async function withAdapter<T>(target: Target, body: (adapter: Adapter) => Promise<T>): Promise<T> {
  const adapter = await openAdapter(target);
  try {
    return await body(adapter);
  } finally {
    await adapter.close();
  }
}

/** The same for work that needs one session. */
export function withSession<T>(target: Target, body: (session: Session) => Promise<T>): Promise<T> {
  return withAdapter(target, async (adapter) => {
    const session = await adapter.session();
    try {
      return await body(session);
    } finally {
      await session.close();
    }
  });
}
