import { randomUUID } from "node:crypto";
import { runEvent } from "../../artifacts/openlineage/run-event.ts";
import type { EventType, RunFacts, RunName } from "../../artifacts/openlineage/run-event.ts";
import { StatloomError, messageOf } from "../../base/errors.ts";
import { packageVersion } from "../../base/package-root.ts";
import type { NodeResult, RunResults } from "../../execute/results.ts";
import type { RunEvent } from "../../execute/run-event.ts";
import type { OuterRun } from "../../observe/openlineage/settings.ts";
import { openSender } from "../../observe/openlineage/send-events.ts";
import { lineageSettings } from "../../observe/openlineage/settings.ts";
import { knowableLineage } from "../columns/column-lineage.ts";
import type { OpenProject } from "../open-project.ts";
import { FAILED } from "../publish-run.ts";
import { nodeOrUnitTest } from "../../graph/node-by-id.ts";
import type { Lineage } from "./input-columns.ts";
import { beganFacts, endedFacts } from "./node-facts.ts";

/** Tells OpenLineage of a run while it goes on; nothing of it fails or holds up the run. */
export type LineageReport = {
  readonly onEvent: (event: RunEvent) => void;
  /** Told before the first node of what is going to be built. */
  readonly onBuilding: (ids: ReadonlySet<string>) => void;
  /** Told at the end, with the results or what was thrown; gives what could not be told. */
  end(outcome: RunResults | { readonly error: unknown }, isAborted: boolean): Promise<readonly string[]>;
};

const NONE: Lineage = new Map();

/** null: the project and the environment name nobody to be told. */
export function reportLineage(open: OpenProject, command: string): LineageReport | null {
  const { project, effects, invocationId, parsed } = open;
  const settings = lineageSettings(project.openLineage, effects.env, project.root);
  if (settings === null) return null;
  const sender = openSender(settings);
  const namespace = settings.namespace ?? `${project.name}.${project.target.name}`;
  const outer = ({ runId, namespace: of, name }: OuterRun): RunName => ({ runId, namespace: of, name });
  const whole: RunName = { runId: invocationId, namespace, name: `${project.name}.${command}` };
  const outside = settings.parent && outer(settings.parent);
  const root = settings.root === null ? whole : outer(settings.root);
  const version = packageVersion();
  const running = new Map<string, RunName>();
  /** Ends wait for the columns, each behind those before it. */
  let lineage: Promise<Lineage> | null = null;
  let told: Promise<void> = Promise.resolve();

  const send = (facts: RunFacts): void =>
    sender.send({ runId: facts.run.runId, event: runEvent(facts, version) });
  const now = (): string => effects.now().toISOString();
  const sendWhole = (eventType: EventType, error: string | null = null): void =>
    send({
      eventType,
      eventTime: now(),
      run: whole,
      parent: outside,
      root: outside && root,
      jobType: "COMMAND",
      error,
    });

  function began(uniqueId: string): void {
    const node = nodeOrUnitTest(parsed.graph, uniqueId);
    if (node === undefined) return;
    const run = { runId: randomUUID(), namespace, name: uniqueId };
    running.set(uniqueId, run);
    send({
      eventType: "START",
      eventTime: now(),
      run,
      parent: whole,
      root,
      ...beganFacts(open, node),
    });
  }

  function ended(uniqueId: string, result: NodeResult): void {
    const run = running.get(uniqueId);
    const node = nodeOrUnitTest(parsed.graph, uniqueId);
    // What was skipped or is reused has not run.
    if (run === undefined || node === undefined) return;
    running.delete(uniqueId);
    const eventType = endOf(result);
    const eventTime = result.timing.at(-1)?.completedAt ?? now();
    const isBuilt = node.resourceType !== "test" && node.resourceType !== "unit_test";
    told = told.then(async () => {
      const known = isBuilt ? ((await lineage) ?? NONE) : NONE;
      const facts = endedFacts(open, node, result, known);
      const error = eventType === "FAIL" ? (result.message ?? result.status) : null;
      send({ eventType, eventTime, run, parent: whole, root, ...facts, error });
    });
  }

  sendWhole("START");
  return {
    onBuilding(ids) {
      if (settings.columns) lineage = columnsOf(open, ids);
    },
    onEvent(event) {
      if (event.kind === "node-started") began(event.uniqueId);
      if (event.kind === "node-finished") ended(event.uniqueId, event.result);
    },
    async end(outcome, isAborted) {
      await told;
      for (const [name, run] of running) {
        const node = nodeOrUnitTest(parsed.graph, name)!;
        const jobType = node.resourceType.toUpperCase();
        send({ eventType: "ABORT", eventTime: now(), run, parent: whole, root, jobType });
      }
      if ("error" in outcome) sendWhole(isAborted ? "ABORT" : "FAIL", describe(outcome.error));
      else if (isAborted) sendWhole("ABORT");
      else {
        const failed = outcome.results.filter(({ status }) => FAILED.has(status));
        const names = failed.map(({ uniqueId }) => uniqueId).join(", ");
        sendWhole(names === "" ? "COMPLETE" : "FAIL", names === "" ? null : names);
      }
      return sender.close();
    },
  };
}

function endOf({ status }: NodeResult): EventType {
  if (status === "skipped") return "ABORT";
  return FAILED.has(status) ? "FAIL" : "COMPLETE";
}

const describe = (error: unknown): string =>
  error instanceof StatloomError ? `${error.code} ${error.message}` : messageOf(error);

/** Columns of what is built, as far as they can be told. */
async function columnsOf(open: OpenProject, building: ReadonlySet<string>): Promise<Lineage> {
  const { nodes } = open.parsed.graph;
  const ids = [...building].filter((id) => (nodes.get(id)?.resourceType ?? "test") !== "test");
  return ids.length === 0 ? NONE : knowableLineage(open, ids);
}
