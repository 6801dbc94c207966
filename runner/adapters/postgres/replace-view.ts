import { postgres } from "../../dialects/postgres.ts";
import type { Relation } from "../../graph/types.ts";
import { codeOf } from "../query-error.ts";
import { UNDO, patiently } from "./patiently.ts";
import type { Talk } from "./talk.ts";

/** The view has other columns, or is no view. */
const UNFIT = /^(42P16|42809)$/;

/** `security_barrier=true, check_option=local`; the server forgets them where a view is given another query. */
const optionsOf = (name: string): string =>
  `select array_to_string(reloptions, ', ') from pg_catalog.pg_class where oid = to_regclass(${postgres.literal(name)}) and relkind = 'v'`;

/**
 * Runs a `create or replace view` in the transaction that runs, so that the view keeps its rights, comments, options and readers. False, and
 * nothing done, where it has columns that the new one lacks or has otherwise. Readers wait as they do for {@link replaceRelation}.
 */
export function replaceView(
  session: Pick<Talk, "run" | "runEach" | "script">,
  target: Relation,
  sql: string,
): Promise<boolean> {
  const name = postgres.quoteRelation(target);
  return patiently(
    session,
    () => Promise.resolve([optionsOf(name)]),
    async ([held], { wait, reset }) => {
      const options = String(held?.rows[0]?.[0] ?? "");
      try {
        const keep = options === "" ? [] : [`alter view ${name} set (${options})`];
        for await (const _ of session.runEach([wait, sql, ...keep, reset]));
        return true;
      } catch (error) {
        if (!UNFIT.test(codeOf(error))) throw error;
        await session.run(UNDO);
        return false;
      }
    },
  );
}
