import { ProjectError, messageOf } from "../base/errors.ts";
import { placeAt, plainPlace } from "../base/problems.ts";
import type { Place } from "../base/problems.ts";
import { duckdb } from "../dialects/duckdb.ts";
import { createMacroLibrary } from "../template/macro-library.ts";
import type { MacroLibrary } from "../template/macro-library.ts";
import { renderTemplate } from "../template/render-template.ts";
import { readTrace, traceTemplate, tracedOffset } from "../template/trace-template.ts";
import { hookOwner, placeOfHook } from "../graph/hook-places.ts";
import type { GraphNode, Hook, RelationNode } from "../graph/types.ts";
import { parseTemplate } from "../template/parse-template.ts";
import type { Template } from "../template/types.ts";
import { compileContext, isTranslated } from "./compile-context.ts";
import type { CompileInput } from "./compile-input.ts";
import { GenericTestSql } from "./generic-test-sql.ts";
import { PendingQuery } from "./queries.ts";
import { testedRows } from "./tested-rows.ts";
import type { TestedRows } from "./tested-rows.ts";
import { cteName, isBlankSql, withCtes } from "./ephemeral.ts";
import { trimmedQuery } from "./node-query.ts";
import { ephemeralAbove, hasEphemeral } from "./ephemeral-above.ts";
import type { Cte } from "./ephemeral.ts";
import type { NodeHooks, RenderedHook } from "./hooks.ts";

/** SQL ready to run. `body` is the node's own, without the CTEs of ephemeral models that `compiledCode` begins with. */
export type Compiled = {
  readonly compiledCode: string;
  readonly body: string;
  readonly ctes: readonly Cte[];
};

/** Compiles nodes on demand, each once. Throws a ProjectError with the place of what is wrong. */
export type Compiler = {
  compile(uniqueId: string): Compiled;
  /** The same of a node of the graph; generic tests of the same words are rendered once, and not kept. */
  compileNode(node: GraphNode): Compiled;
  /**
   * Renders a few of the generic tests, which are not rendered again: V8 optimizes for what it has seen, and would do so a second time when tests
   * come after ten thousand models.
   */
  foresee(nodes: readonly GraphNode[]): void;
  /** A node's hooks, without those of which nothing is left when they are rendered. */
  hooks(uniqueId: string): NodeHooks;
  /** What a generic test looks at; null where that is no relation of its own, or the test is none. */
  tested(uniqueId: string): TestedRows | null;
  /** SQL that stands in no file: `show --inline`. */
  compileInline(template: Template): Compiled;
  /** Where in a file a character of a node's `body` comes from: its very place, or the tag that printed it. */
  placeInFile(uniqueId: string, offset: number): Place;
};

export function createCompiler(input: CompileInput): Compiler {
  const done = new Map<string, Compiled>();
  /** Whether a node may be made of others, which are compiled before it. */
  let mayNeed: boolean | undefined;
  let foreign: MacroLibrary | undefined;
  const nodeOf = (uniqueId: string): GraphNode | undefined => input.parsed.graph.nodes.get(uniqueId);
  /** Macros of what is translated are those of the engine that it is written for. */
  const libraryOf = (node: GraphNode | undefined): MacroLibrary =>
    isTranslated(input, node)
      ? (foreign ??= createMacroLibrary(duckdb.name, input.parsed.library.own).library)
      : input.parsed.library;
  const render = (template: Template, node: GraphNode | undefined): Compiled => {
    // Ephemeral parents join in the order in which they are referred to, each after those that it needs itself.
    let ctes: Map<string, Cte> | undefined;
    const context = compileContext(input, node, (parent) => {
      const compiled = compile(parent.uniqueId);
      ctes ??= new Map();
      for (const cte of compiled.ctes) ctes.set(cte.id, cte);
      const name = input.dialect.quoteIdentifier(cteName(parent.relation.identifier));
      ctes.set(parent.uniqueId, { id: parent.uniqueId, name, sql: compiled.body });
      return name;
    });
    const body = trimmedQuery(renderTemplate(template, libraryOf(node), context));
    if (isBlankSql(body)) throw emptyQuery(template.file);
    const own = isTranslated(input, node) ? translated(node!.uniqueId, body) : body;
    if (ctes === undefined) return whole(own);
    const list = [...ctes.values()];
    return { compiledCode: withCtes(own, list), body: own, ctes: list };
  };
  const translated = (uniqueId: string, body: string): string => {
    const made = input.translate!(body);
    if ("sql" in made) return made.sql;
    throw new ProjectError(
      made.problems.map(({ message, hint, offset }) => ({
        ...writtenAt(uniqueId, offset),
        code: "SQL_NOT_PORTABLE",
        message,
        hint,
      })),
    );
  };
  const genericTests = new GenericTestSql(input);
  const compileNode = (node: GraphNode): Compiled => {
    if (node.resourceType !== "test") return compiledOf(node.uniqueId, node);
    const sql = input.known?.(node.uniqueId) ?? genericTests.of(node);
    return sql === undefined ? compiledOf(node.uniqueId, node) : whole(sql);
  };
  const foresee = (nodes: readonly GraphNode[]): void => {
    let left = FORESEEN;
    for (let i = nodes.findIndex(isTest); i !== -1 && i < nodes.length && left > 0; i++) {
      const node = nodes[i]!;
      if (node.resourceType !== "test" || input.known?.(node.uniqueId) !== undefined) continue;
      genericTests.foresee(node);
      left--;
    }
  };
  const compile = (uniqueId: string): Compiled => compiledOf(uniqueId, undefined);
  const compiledOf = (uniqueId: string, node: GraphNode | undefined): Compiled => {
    const known = done.get(uniqueId);
    if (known) return known;
    if ((mayNeed ??= hasEphemeral(input.parsed.graph))) {
      for (const parent of ephemeralAbove(input.parsed.graph, uniqueId, done))
        if (!done.has(parent)) compileAlone(parent, nodeOf(parent));
    }
    return compileAlone(uniqueId, node ?? nodeOf(uniqueId));
  };
  const compileAlone = (uniqueId: string, node: GraphNode | undefined): Compiled => {
    const sql = input.known?.(uniqueId);
    const compiled = sql === undefined ? compileAnew(uniqueId, node) : whole(sql);
    done.set(uniqueId, compiled);
    return compiled;
  };
  const compileAnew = (uniqueId: string, node: GraphNode | undefined): Compiled => {
    const template = input.parsed.templates.get(uniqueId);
    if (!template) throw new Error(`nothing to compile for ${uniqueId}`);
    try {
      return render(template, node);
    } catch (error) {
      throw placed(error, input, uniqueId);
    }
  };
  const hooks = (uniqueId: string): NodeHooks => {
    const node = nodeOf(uniqueId);
    if (!node || node.resourceType === "test") return { pre: [], post: [] };
    // Hooks write where the node's own query only reads.
    const plain = { ...input, batch: undefined, portion: undefined };
    const context = compileContext(plain, node, ({ name }) => {
      throw new Error(`a hook cannot read "${name}": an ephemeral model is no table`);
    });
    const rendered = (list: readonly Hook[]): RenderedHook[] =>
      list
        .map(({ sql, transaction }) => {
          const { template } = parseTemplate(node.place.file, sql);
          const text = atItsPlace(input, node, sql, () =>
            locate(input, uniqueId, () => renderTemplate(template, input.parsed.library, context)),
          );
          return { sql: trimmedQuery(text), transaction };
        })
        .filter(({ sql }) => !isBlankSql(sql));
    const { pre_hook, post_hook } = node.config;
    const sqlHeader = "sql_header" in node.config ? node.config.sql_header : null;
    const [header] = sqlHeader === null ? [] : rendered([{ sql: sqlHeader, transaction: true }]);
    return { pre: rendered(pre_hook), post: rendered(post_hook), ...(header && { header: header.sql }) };
  };
  const tested = (uniqueId: string): TestedRows | null => {
    const node = nodeOf(uniqueId);
    if (node?.resourceType !== "test" || node.generic === null || compileNode(node).ctes.length > 0)
      return null;
    const context = compileContext(input, node, ({ name }) => {
      throw new Error(`"${name}" is an ephemeral model`);
    });
    const rows = (): TestedRows | null =>
      testedRows(node, node.generic!, (text) => {
        const { template } = parseTemplate(node.place.file, text);
        return renderTemplate(template, input.parsed.library, context).trim();
      });
    const { queries } = input;
    return locate(input, uniqueId, () => (queries ? queries.without(rows) : rows()));
  };
  const placeInFile = (uniqueId: string, offset: number): Place =>
    // Translated SQL has no places of its own.
    isTranslated(input, nodeOf(uniqueId)) ? placeOfNode(input, uniqueId) : writtenAt(uniqueId, offset);
  const writtenAt = (uniqueId: string, offset: number): Place => {
    const template = input.parsed.templates.get(uniqueId);
    const marked = template && traceTemplate(template);
    if (!marked) return placeOfNode(input, uniqueId);
    const node = nodeOf(uniqueId);
    const context = compileContext(input, node, ({ relation }) =>
      input.dialect.quoteIdentifier(cteName(relation.identifier)),
    );
    const { sql, stretches } = readTrace(renderTemplate(marked, libraryOf(node), context));
    const at = tracedOffset(stretches, offset + sql.search(/\S|$/));
    return at === null ? placeOfNode(input, uniqueId) : placeAt(template.file, template.text, at);
  };
  return {
    compile,
    compileNode,
    foresee,
    hooks,
    tested,
    compileInline: (template) => render(template, undefined),
    placeInFile,
  };
}

const none: readonly never[] = [];
const FORESEEN = 100;
const isTest = ({ resourceType }: GraphNode): boolean => resourceType === "test";
const whole = (sql: string): Compiled => ({ compiledCode: sql, body: sql, ctes: none });

function locate<T>(input: CompileInput, uniqueId: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw placed(error, input, uniqueId);
  }
}

/** An error without a place of its own is shown at the node. */
function placed(error: unknown, input: CompileInput, uniqueId: string): unknown {
  if (error instanceof ProjectError || error instanceof PendingQuery) return error;
  const { file, line, column } = placeOfNode(input, uniqueId);
  return new ProjectError([{ file, line, column, code: "COMPILE_FAILED", message: messageOf(error) }]);
}

/** Lines of a hook are not those of its node's file: its mistakes are told where a folder says it, else at the node. */
function atItsPlace<T>({ project }: CompileInput, node: RelationNode, sql: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error;
    const place = placeOfHook(project, hookOwner(node, project), sql) ?? plainPlace(node.place);
    throw new ProjectError(
      error.problems.map((problem) => ({
        ...problem,
        ...(problem.file === node.place.file && place),
        message: `in a hook: ${problem.message}`,
      })),
    );
  }
}

const placeOfNode = ({ parsed }: CompileInput, uniqueId: string): Place =>
  parsed.graph.nodes.get(uniqueId)?.place ?? { file: uniqueId, line: 1, column: 1 };

function emptyQuery(file: string): ProjectError {
  const message = "there is no query: nothing but spaces and comments is left of it";
  const hint = "write a select, or switch it off: {{ config(enabled=false) }}";
  return new ProjectError([{ file, line: 1, column: 1, code: "QUERY_EMPTY", message, hint }]);
}
