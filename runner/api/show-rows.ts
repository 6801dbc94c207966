import type { ResultTable } from "../adapters/adapter.ts";
import { ProjectError, UsageError, throwProblems } from "../base/errors.ts";
import { analyse } from "../template/analyse.ts";
import { parseTemplate } from "../template/parse-template.ts";
import { specsWithoutThis } from "../graph/specs.ts";
import { findReferences } from "../graph/references.ts";
import { inVain } from "../execute/in-vain.ts";
import { whyNoQuery } from "../plan/why-no-query.ts";
import type { Compiled } from "../plan/compile.ts";
import { compileHooks, compilerFor } from "./compile-nodes.ts";
import { fillDeferred } from "./defer.ts";
import { settleWith, withIntrospection } from "./introspect.ts";
import type { Settle } from "./introspect.ts";
import { notBuilt } from "./not-built.ts";
import type { OpenProject } from "./open-project.ts";
import { isGraphNode, selectNodes } from "./select-nodes.ts";
import type { Selection } from "./select-nodes.ts";
import { stopWith } from "./stop-with.ts";
import { withSession } from "./with-session.ts";
import { nameWithVersion } from "../graph/versions.ts";

/** SQL that stands in no file, compiled like a model's. Mistakes are placed in `inline`. */
export const compileInline = (open: OpenProject, sql: string): Promise<Compiled> =>
  withIntrospection(open, (settle) => settleInline(open, sql, settle));

async function settleInline(open: OpenProject, sql: string, settle: Settle): Promise<Compiled> {
  const { template, problems } = parseTemplate("inline", sql);
  const analysis = analyse(template, open.parsed.library, specsWithoutThis);
  throwProblems([...problems, ...analysis.problems, ...findReferences(analysis, open.project.vars).problems]);
  const compiler = compilerFor(open, () => false);
  return settle(() => compiler.compileInline(template));
}

export type ShowOptions = Selection & {
  readonly inline?: string | undefined;
  readonly limit: number;
  /** Another process holds the warehouse: the rows are those of the published copy. */
  readonly onCopy?: () => void;
  readonly signal?: AbortSignal;
};

/** The first rows of what a model's or an inline query gives now. Seeds and snapshots are shown as they are in the warehouse. */
export async function showRows(
  open: OpenProject,
  options: ShowOptions,
): Promise<{ name: string; table: ResultTable }> {
  const compile = async (settle: Settle): Promise<Shown> =>
    options.inline === undefined
      ? chosen(open, options, settle)
      : { name: "inline", sql: await inlineQuery(open, options.inline, settle), header: undefined };
  // What is read instead of what is not there is known when the warehouse has been looked at.
  const before = open.defer === undefined ? await withIntrospection(open, compile) : null;
  return withSession(open.project.target, open.effects.signal, async (session, isCopy) => {
    if (before === null) await fillDeferred(open, null, session);
    const { name, sql, header } = before ?? (await compile(settleWith(open, session)));
    // Inside of another query nothing is written, whatever it begins with.
    const limit = options.limit < 0 ? "" : ` limit ${options.limit}`;
    const query = `select * from (\n${sql}\n) as dbt_show${limit}`;
    if (isCopy) options.onCopy?.();
    stopWith(options.signal, session, query);
    const ask = async (): Promise<ResultTable> => {
      if (header === undefined) return session.query(query);
      return inVain(session, async () => {
        await session.runAll(header);
        return session.query(query);
      });
    };
    try {
      return { name, table: await ask() };
    } catch (error) {
      throw await notBuilt(open, session, sql, error);
    }
  });
}

type Shown = { readonly name: string; readonly sql: string; readonly header: string | undefined };

/** Throws for what is no query, or more than one. */
async function inlineQuery(open: OpenProject, text: string, settle: Settle): Promise<string> {
  const { compiledCode: sql } = await settleInline(open, text, settle);
  const message = whyNoQuery(sql);
  if (message === null) return sql;
  const hint = "show reads and changes nothing: write one select, or a macro for models run-operation";
  throw new ProjectError([{ file: "inline", line: 1, column: 1, code: "INLINE_NO_QUERY", message, hint }]);
}

async function chosen(open: OpenProject, options: ShowOptions, settle: Settle): Promise<Shown> {
  if (options.select.length === 0 && options.selector === undefined) {
    throw new UsageError(
      "ARGUMENT_MISSING",
      "show needs --select <model> or --inline <sql>",
      "models show --inline \"select * from {{ ref('my_model') }}\"",
    );
  }
  const { nodes, warnings } = selectNodes(open, { ...options, resourceTypes: ["model", "seed", "snapshot"] });
  const [node, ...others] = nodes.filter(isGraphNode);
  if (!node || others.length > 0) {
    const found = node
      ? `${nodes.length} nodes: ${nodes
          .slice(0, 5)
          .map((other) => other.name)
          .join(", ")}`
      : "nothing";
    throw new UsageError(
      "SELECTION_NOT_ONE",
      `show needs one model, seed or snapshot, "${options.select.join(" ")}" selects ${found}`,
      warnings[0]?.hint,
    );
  }
  if (node.resourceType === "seed" || node.resourceType === "snapshot")
    return {
      name: node.name,
      sql: `select * from ${open.dialect.quoteRelation(node.relation)}`,
      header: undefined,
    };
  const compiler = compilerFor(open, () => false);
  const { compiledCode: sql } = await settle(() => compiler.compile(node.uniqueId));
  const { header } = compileHooks(compiler, [node], open.queries).get(node.uniqueId) ?? {};
  return { name: nameWithVersion(node), sql, header };
}
