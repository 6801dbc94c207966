import type { Dialect } from "../dialects/dialect.ts";
import type { Adapter } from "./adapter.ts";

/** An adapter that is opened with its first session. */
export function openLater(dialect: Dialect, open: () => Promise<Adapter>): Adapter {
  let opening: Promise<Adapter> | undefined;
  const opened = (): Promise<Adapter> => (opening ??= open());
  const close = async (): Promise<void> => {
    // One that could not be opened has nothing to close.
    const adapter = await opening?.catch(() => undefined);
    await adapter?.close();
  };
  return {
    dialect,
    session: async () => (await opened()).session(),
    version: async () => (await opened()).version(),
    attach: async (...args) => (await opened()).attach(...args),
    close,
    [Symbol.asyncDispose]: close,
  };
}
