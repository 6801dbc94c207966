import { codeOf } from "../query-error.ts";
import { UNDO, patiently } from "./patiently.ts";
import type { Talk } from "./talk.ts";

/** The view has other columns, or is no view. */
const UNFIT = /^(42P16|42809)$/;

/**
 * Runs a `create or replace view` in the transaction that runs, so that the view keeps its rights, comments and readers. False, and
 * nothing done, where it has columns that the new one lacks or has otherwise. Readers wait as they do for {@link replaceRelation}.
 */
export const replaceView = (session: Pick<Talk, "run" | "script">, sql: string): Promise<boolean> =>
  patiently(
    session,
    () => Promise.resolve([]),
    async (_, { wait, reset }) => {
      try {
        await session.run(wait);
        await session.run(sql);
        await session.run(reset);
        return true;
      } catch (error) {
        if (!UNFIT.test(codeOf(error))) throw error;
        await session.run(UNDO);
        return false;
      }
    },
  );
