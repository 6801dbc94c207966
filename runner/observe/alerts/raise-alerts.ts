import { join } from "node:path";
import { messageOf } from "../../base/errors.ts";
import { redact, rememberSecret } from "../../base/secrets.ts";
import type { AlertsConfig } from "../../project/alerts-schema.ts";
import { deliver } from "./deliver.ts";
import type { Judgement } from "./judgement.ts";
import { readAlertState, writeAlertState } from "./state-file.ts";
import { settle } from "./settle.ts";

/** All channels together may hold up a run for this long. */
const PATIENCE_MS = 30_000;

export type RaiseOptions = {
  readonly config: AlertsConfig;
  /** Absolute folder of the project. */
  readonly root: string;
  readonly project: string;
  /** Who looks, the same from run to run: `models, target dev`. Each keeps a state of its own, so that two at once do not meet. */
  readonly origin: string;
  readonly now: () => Date;
  readonly exists?: (subject: string) => boolean;
  readonly signal?: AbortSignal;
  /** The first pause before an alert is sent again; half a second unless told. */
  readonly backoffMs?: number;
};

/** Whether anybody is to be told of anything. */
const hasAlerts = ({ channels }: AlertsConfig): boolean => channels.some(({ url }) => url !== "");

/**
 * Tells the channels what is newly wrong and what is well again. Returns what could not be sent, for the log: nothing that happens
 * here is a failure of the run.
 */
export async function raiseAlerts(
  judgements: readonly Judgement[],
  options: RaiseOptions,
): Promise<readonly string[]> {
  const { config, root, project, origin, now } = options;
  if (!hasAlerts(config)) return [];
  try {
    for (const channel of config.channels) rememberChannel(channel);
    const path = join(root, ".statloom/alerts", `${origin.replaceAll(/[^A-Za-z0-9]+/g, "-")}.json`);
    const exists = options.exists ?? ((): boolean => true);
    const clean = judgements.map(withoutSecrets);
    const before = readAlertState(path);
    const state = settle(before, clean, { config, project, origin, now: now(), exists });
    // Before anything is sent: a kill meanwhile sends it again rather than never.
    if (JSON.stringify(state) !== JSON.stringify(before)) writeAlertState(path, state);
    if (state.outbox.length === 0) return [];
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const { left, failures } = await deliver(state.outbox, config.channels, {
      now,
      signal: options.signal ? AbortSignal.any([options.signal, patience]) : patience,
      backoffMs: options.backoffMs ?? 500,
    });
    writeAlertState(path, { ...state, outbox: left });
    return failures.map(redact);
  } catch (error) {
    return [redact(`alerts could not be settled: ${messageOf(error)}`)];
  }
}

/** The address of a webhook is all that it takes to write to it. */
function rememberChannel(channel: AlertsConfig["channels"][number]): void {
  rememberSecret(channel.url);
  if (channel.type === "dingtalk") rememberSecret(channel.secret);
  if (channel.type === "webhook") for (const value of Object.values(channel.headers)) rememberSecret(value);
}

function withoutSecrets({ rule, subject, finding }: Judgement): Judgement {
  if (finding === null) return { rule, subject, finding };
  const { severity, title, details } = finding;
  return { rule, subject, finding: { severity, title: redact(title), details: redact(details) } };
}
