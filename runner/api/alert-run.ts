import type { Adapter } from "../adapters/adapter.ts";
import { cellText } from "../adapters/cell-text.ts";
import { OperationError, ProjectError, StatloomError, UsageError, messageOf } from "../base/errors.ts";
import type { Effects } from "../base/effects.ts";
import type { RunEvent } from "../execute/run-event.ts";
import { slowerRule } from "../observe/alerts/findings.ts";
import type { Judgement } from "../observe/alerts/judgement.ts";
import { channelsOf } from "../observe/alerts/settle.ts";
import { readUsual } from "../plan/meta-runs.ts";
import { withDotEnv } from "../project/dot-env.ts";
import { findProject } from "../project/find-project.ts";
import { readProjectFile } from "../project/read-project-file.ts";
import type { AlertsConfig } from "../project/alerts-schema.ts";
import type { Usual } from "./judge-run.ts";
import type { OpenOptions, OpenProject } from "./open-project.ts";

type OnEvent = (event: RunEvent<never>) => void;

/** Which runs failed and are well again is told by command: `models build` may work while `models test` does not. */
const ofCommand = (command: string, finding: Judgement["finding"]): Judgement => ({
  rule: "failed_run",
  subject: `run:${command}`,
  finding,
});

/** What the nodes of earlier runs took and gave; nothing where no rule asks for it, or it cannot be known. */
export async function usualTimes(
  { project: { alerts }, dialect }: OpenProject,
  adapter: Adapter,
): Promise<(uniqueId: string) => Usual | undefined> {
  if (channelsOf(alerts, "slower_than_usual").length + channelsOf(alerts, "rows_fallen").length === 0)
    return () => undefined;
  const session = await adapter.session();
  try {
    const { rows } = await session.query(readUsual(slowerRule(alerts.rules).runs, dialect));
    const usual = new Map(
      rows.map(([id, seconds, runs, last]) => [
        cellText(id),
        { seconds: Number(seconds), runs: Number(runs), rows: last === null ? null : Number(last) },
      ]),
    );
    return (id) => usual.get(id);
  } catch (error) {
    if (error instanceof StatloomError) return () => undefined;
    throw error;
  } finally {
    await session.close();
  }
}

/** Tells the channels what became of nodes, and of the command if it came to its end; null: it did not, and that is told by itself. */
export async function alertRun(
  open: OpenProject,
  command: string | null,
  judgements: readonly Judgement[],
  onEvent: OnEvent,
): Promise<void> {
  const { project, parsed, effects } = open;
  const { nodes, sources } = parsed.graph;
  await tell(
    project,
    effects,
    command === null ? judgements : [...judgements, ofCommand(command, null)],
    onEvent,
    (subject) => subject.startsWith("run:") || nodes.has(subject) || sources.has(subject),
  );
}

/** Tells the channels of a command that came to nothing. A call that was wrong is told to whoever typed it, and nobody else. */
export async function alertBrokenRun(
  options: OpenOptions,
  effects: Effects,
  command: string,
  error: unknown,
  onEvent: OnEvent,
): Promise<void> {
  if (error instanceof UsageError || (error instanceof OperationError && error.code === "CANCELLED")) return;
  let project;
  try {
    const root = findProject(effects.cwd, options.projectDir);
    const file = await readProjectFile(root, { env: withDotEnv(root, effects.env), target: options.target });
    project = { root, name: file.data.name, target: file.target, alerts: file.data.alerts };
  } catch {
    // Without a sound project file nobody knows whom to tell.
    return;
  }
  const count = error instanceof ProjectError ? ` (${error.problems.length} problems)` : "";
  const finding = {
    severity: "error" as const,
    title: `models ${command} came to nothing${count}`,
    details: messageOf(error),
  };
  await tell(project, effects, [ofCommand(command, finding)], onEvent);
}

type Told = {
  readonly root: string;
  readonly name: string;
  readonly target: { readonly name: string };
  readonly alerts: AlertsConfig;
};

async function tell(
  { root, name, target, alerts }: Told,
  { now }: Effects,
  judgements: readonly Judgement[],
  onEvent: OnEvent,
  exists?: (subject: string) => boolean,
): Promise<void> {
  if (alerts.channels.length === 0) return;
  const { raiseAlerts } = await import("../observe/alerts/raise-alerts.ts");
  const origin = `models, target ${target.name}`;
  const failures = await raiseAlerts(judgements, {
    config: alerts,
    root,
    project: name,
    origin,
    now,
    ...(exists && { exists }),
  });
  for (const message of failures)
    onEvent({ kind: "warning", code: "ALERT_NOT_SENT", message, uniqueId: null });
}
