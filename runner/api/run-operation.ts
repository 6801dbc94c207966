import { openAdapter } from "../adapters/open.ts";
import type { JsonObject } from "../base/json.ts";
import { trimmedQuery } from "../plan/node-query.ts";
import { compileContext } from "../plan/compile-context.ts";
import { isBlankSql } from "../plan/ephemeral.ts";
import { QueryError } from "../adapters/query-error.ts";
import { placeOf } from "../template/macro-library.ts";
import { macroCalled, renderMacro } from "../template/render-template.ts";
import { Data } from "../template/values.ts";
import { compileInputOf } from "./compile-input.ts";
import { settleWith } from "./introspect.ts";
import type { OpenProject } from "./open-project.ts";
import { stopWith } from "./stop-with.ts";

/**
 * Runs the SQL that a macro comes to, and returns it; null when nothing is left of it. What the macro asks with `run_query` is run first. Arguments are data: text
 * prints as a quoted literal. Throws UsageError for a macro that is not there, ProjectError for wrong arguments, QueryError.
 */
export async function runOperation(
  open: OpenProject,
  macro: string,
  args: JsonObject,
  signal?: AbortSignal,
): Promise<string | null> {
  const context = compileContext(compileInputOf(open), undefined, ({ name }) => {
    throw new Error(`an operation cannot read "${name}": an ephemeral model is no table`);
  });
  const values = Object.fromEntries(Object.entries(args).map(([name, value]) => [name, new Data(value)]));
  const render = (): string => trimmedQuery(renderMacro(macro, values, open.parsed.library, context));
  // What is wrong with the call is told before the warehouse is opened.
  const known = open.queries.without(render);
  if (known !== null && isBlankSql(known)) return null;
  const adapter = await openAdapter(open.project.target, undefined, signal);
  try {
    const session = await adapter.session();
    const sql = known ?? (await settleWith(open, session)(render));
    if (isBlankSql(sql)) return null;
    stopWith(signal, session, sql);
    await session.runAll(sql).catch((error: unknown) => {
      throw placed(error, macro, open);
    });
    await session.close();
    return sql;
  } finally {
    await adapter.close();
  }
}

/** Whose SQL it was, as the lines of it are in no file. */
function placed(error: unknown, macro: string, { parsed: { library } }: OpenProject): unknown {
  const found = macroCalled(macro, library);
  if (found === undefined || !(error instanceof QueryError) || error.kind === "cancelled") return error;
  const { file, line } = placeOf(found);
  return error.restated({ message: `the macro "${macro}" (${file}:${line}) failed: ${error.message}` });
}
