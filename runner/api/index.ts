/**
 * `import { openProject } from "statloom"`: what the commands do, for programs. A project is opened once; each call does what the command of
 * its name does, and gives what it prints.
 */
import { realEffects } from "../base/effects.ts";
import type { Effects } from "../base/effects.ts";
import type { ResultTable } from "../adapters/adapter.ts";
import type { FreshnessResults, RunResults } from "../execute/results.ts";
import type { RunEvent } from "../execute/run-event.ts";
import type { AnyNode, Graph } from "../graph/types.ts";
import { buildNodes } from "./build-nodes.ts";
import type { BuildOptions } from "./build-options.ts";
import { compileInline } from "./show-rows.ts";
import { compileProject } from "./compile-project.ts";
import { diffNodes } from "./diff/diff-nodes.ts";
import type { DiffOptions, NodeDiff } from "./diff/diff-nodes.ts";
import { explainChanges } from "./explain-changes.ts";
import type { Explanation } from "./explain-changes.ts";
import { generateDocs } from "./generate-docs.ts";
import { generateTypes } from "./generate-types.ts";
import { openProject as open } from "./open-project.ts";
import type { OpenOptions } from "./open-project.ts";
import { runInBackground } from "./run-in-background.ts";
import type { Running } from "./run-in-background.ts";
import { selectNodes } from "./select-nodes.ts";
import type { Selection } from "./select-nodes.ts";
import { showRows } from "./show-rows.ts";
import { sourceFreshness } from "./source-freshness.ts";

export { OperationError, ProjectError, StatloomError, UsageError } from "../base/errors.ts";
export type {
  AnyNode,
  DiffOptions,
  Effects,
  Explanation,
  FreshnessResults,
  Graph,
  NodeDiff,
  OpenOptions,
  ResultTable,
  RunEvent,
  Running,
  RunResults,
  Selection,
};
export type { NodeResult, NodeStatus } from "../execute/results.ts";
export type { LogEvent } from "../execute/log-events.ts";
export type { Problem } from "../base/problems.ts";

/** `select` and `exclude` may be left out: nothing chosen is everything, or the default selector. */
export type Chosen = Partial<Selection>;
export type RunOptions = Chosen & Partial<Omit<BuildOptions, keyof Selection | "command" | "onEvent">>;

export type StatloomProject = {
  /** Nodes, sources and exposures with what they depend on. */
  readonly graph: Graph;
  /** What a selection means, in the order of the graph. */
  select(chosen?: Chosen): readonly AnyNode[];
  /** SQL by unique id; writes `target/manifest.json` and `target/compiled`. */
  compile(chosen?: Chosen): Promise<ReadonlyMap<string, string>>;
  /** SQL of a query that stands in no file. */
  compileInline(sql: string): Promise<string>;
  build(options?: RunOptions): Running<RunEvent, RunResults>;
  run(options?: RunOptions): Running<RunEvent, RunResults>;
  test(options?: RunOptions): Running<RunEvent, RunResults>;
  seed(options?: RunOptions): Running<RunEvent, RunResults>;
  snapshot(options?: RunOptions): Running<RunEvent, RunResults>;
  freshness(chosen?: Chosen): Promise<FreshnessResults>;
  /** The rows of a query, as `show --inline`; at most `limit`, all where it is -1. */
  query(sql: string, limit?: number): Promise<ResultTable>;
  /** The rows of one model, seed or snapshot. */
  show(name: string, limit?: number): Promise<ResultTable>;
  /** Why `build({ changed: true })` would build what is chosen, or not. */
  explain(chosen?: Chosen): Promise<readonly Explanation[]>;
  diff(options: Chosen & { readonly against: string } & Partial<DiffOptions>): Promise<readonly NodeDiff[]>;
  /** A module of TypeScript: types of the rows of what is chosen, and schemas of zod unless told. */
  types(options?: Chosen & { readonly zod?: boolean; readonly dates?: "text" | "Date" }): Promise<string>;
  /** Writes the site; gives the path of its first page. */
  docs(): Promise<string>;
};

/** Opens the project in `projectDir`, or the nearest at or above the working folder. Throws a ProjectError with every mistake in it. */
export async function openProject(
  options: OpenOptions = {},
  effects: Effects = realEffects(),
): Promise<StatloomProject> {
  const project = await open(options, effects);
  const silent = (): void => undefined;
  const of = (chosen: Chosen = {}): Selection => ({ select: [], exclude: [], ...chosen });
  // Each run has an id and a beginning of its own.
  const again = (): typeof project => ({
    ...project,
    invocationId: crypto.randomUUID(),
    startedAt: effects.now().toISOString(),
  });
  const runner =
    (command: BuildOptions["command"]) =>
    (run: RunOptions = {}): Running<RunEvent, RunResults> =>
      runInBackground((onEvent, signal) =>
        buildNodes(again(), { signal, ...run, ...of(run), command, onEvent }),
      );
  return {
    graph: project.parsed.graph,
    select: (chosen) => selectNodes(project, of(chosen)).nodes,
    async compile(chosen) {
      const { compiled } = await compileProject(project, of(chosen));
      return new Map([...compiled].map(([id, { compiledCode }]) => [id, compiledCode]));
    },
    compileInline: async (sql) => (await compileInline(project, sql)).compiledCode,
    build: runner("build"),
    run: runner("run"),
    test: runner("test"),
    seed: runner("seed"),
    snapshot: runner("snapshot"),
    freshness: (chosen) => sourceFreshness(again(), { ...of(chosen), onEvent: silent }),
    query: async (sql, limit = -1) => (await showRows(project, { ...of(), inline: sql, limit })).table,
    show: async (name, limit = -1) => (await showRows(project, { ...of({ select: [name] }), limit })).table,
    explain: (chosen) => explainChanges(project, of(chosen), silent),
    diff: (asked) => diffNodes(project, { examples: 3, maxRows: 1_000_000, ...asked, ...of(asked) }),
    types: async ({ zod = true, dates = "text", ...chosen } = {}) =>
      (await generateTypes(project, of(chosen), { zod, dates })).text,
    docs: () => generateDocs(project),
  };
}
