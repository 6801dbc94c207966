import { addTo } from "../../base/group-by.ts";
import { notRun } from "../../execute/results.ts";
import type { NodeResult } from "../../execute/results.ts";
import type { Outcome, RunContext, SkipReason } from "../../execute/schedule.ts";
import { skipMessage } from "../../execute/skip-message.ts";
import type { Graph, UnitTestNode } from "../../graph/types.ts";
import type { SubgraphNode } from "../../graph/select/subgraph.ts";
import type { OpenProject } from "../open-project.ts";
import type { UnitRunner } from "./unit-runner.ts";

/** The unit tests of one run; what they run in is opened by the first. */
export type UnitTests = {
  run(test: UnitTestNode, context: RunContext): Promise<Outcome<NodeResult>>;
  close(): Promise<void>;
};

export function unitTestsOf(open: OpenProject, tests: readonly UnitTestNode[]): UnitTests {
  const { effects } = open;
  let runner: Promise<UnitRunner> | null = null;
  return {
    async run(test, context) {
      const startedAt = effects.now().toISOString();
      const begin = performance.now();
      const { openUnitRunner } = await import("./unit-runner.ts");
      runner ??= openUnitRunner(open, tests);
      const outcome = await (await runner).run(test);
      const result: NodeResult = {
        ...notRun(test.uniqueId),
        ...outcome,
        timing: [{ name: "execute", startedAt, completedAt: effects.now().toISOString() }],
        threadId: `Thread-${context.thread + 1}`,
        executionTime: (performance.now() - begin) / 1000,
      };
      return { result, blocks: outcome.status !== "pass", fails: outcome.status !== "pass" };
    },
    async close() {
      await (await runner?.catch(() => null))?.close();
    },
  };
}

export const skippedUnitTest = (
  test: UnitTestNode,
  reason: SkipReason,
  nameOf: (id: string) => string,
): NodeResult => ({
  ...notRun(test.uniqueId),
  message: skipMessage("because" in reason ? { ...reason, because: `"${nameOf(reason.because)}"` } : reason),
});

/** Unit tests need no data: they run first, and a model waits for its own. */
export function withUnitTests(
  graph: Graph,
  tasks: readonly SubgraphNode[],
  tests: readonly UnitTestNode[],
): SubgraphNode[] {
  const ofModel = new Map<string, string[]>();
  for (const { uniqueId, model } of tests) if (model !== null) addTo(ofModel, model, uniqueId);
  return [
    ...tests.map(({ uniqueId }) => ({ id: uniqueId, parents: [] })),
    ...tasks.map(({ id, parents }) => {
      const own = graph.nodes.get(id)?.resourceType === "model" ? ofModel.get(id) : undefined;
      return own ? { id, parents: [...parents, ...own] } : { id, parents };
    }),
  ];
}
