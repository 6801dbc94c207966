import type { AlertsConfig } from "../../project/alerts-schema.ts";
import type { Alert, Judgement, Message } from "./judgement.ts";

/** What is wrong at the moment, and who knows of it. */
export type OpenAlert = Alert & { readonly told: string; readonly channels: readonly string[] };

/** What a channel is still to be told. */
export type Pending = { readonly channel: string; readonly since: string; readonly message: Message };

export type AlertState = { readonly open: readonly OpenAlert[]; readonly outbox: readonly Pending[] };

export type SettleOptions = {
  readonly config: AlertsConfig;
  readonly project: string;
  readonly origin: string;
  readonly now: Date;
  /** Whether a subject is still there; what is gone is neither wrong nor well. */
  readonly exists: (subject: string) => boolean;
};

const HOUR = 3_600_000;

/**
 * Takes in what a run found: each channel gets one message with everything that is newly wrong, wrong for long enough to be said again,
 * and well again. What the run did not look at stays as it was.
 */
export function settle(
  state: AlertState,
  judgements: readonly Judgement[],
  options: SettleOptions,
): AlertState {
  const { config, project, origin, now, exists } = options;
  const at = now.toISOString();
  const open = new Map(
    state.open.filter(({ subject }) => exists(subject)).map((alert) => [keyOf(alert), alert]),
  );
  const news = new Map<string, { wrong: Alert[]; well: Alert[] }>();
  const tell = (channels: readonly string[], kind: "wrong" | "well", alert: Alert): void => {
    for (const channel of channels) {
      if (!news.has(channel)) news.set(channel, { wrong: [], well: [] });
      news.get(channel)![kind].push(alert);
    }
  };
  for (const judgement of judgements) {
    const { rule, subject, finding } = judgement;
    const key = keyOf(judgement);
    const before = open.get(key);
    const channels = channelsOf(config, rule);
    if (finding === null || channels.length === 0) {
      open.delete(key);
      if (before && finding === null) tell(before.channels, "well", plainAlert(before));
      continue;
    }
    const alert: Alert = { rule, subject, since: before?.since ?? at, ...finding };
    const isNews = before === undefined || (before.severity === "warn" && finding.severity === "error");
    const isDue =
      before !== undefined &&
      config.remind_after_hours !== undefined &&
      now.getTime() - Date.parse(before.told) >= config.remind_after_hours * HOUR;
    if (isNews || isDue) tell(channels, "wrong", alert);
    open.set(key, {
      ...alert,
      told: isNews || isDue ? at : before.told,
      channels: [...new Set([...(before?.channels ?? []), ...channels])],
    });
  }
  const messages = [...news].map(([channel, { wrong, well }]) => ({
    channel,
    since: at,
    message: { project, origin, at, wrong, well },
  }));
  return { open: [...open.values()], outbox: [...state.outbox, ...messages] };
}

const keyOf = ({ rule, subject }: Pick<Judgement, "rule" | "subject">): string =>
  JSON.stringify([rule, subject]);

const plainAlert = ({ rule, subject, since, severity, title, details }: OpenAlert): Alert => ({
  rule,
  subject,
  since,
  severity,
  title,
  details,
});

/** Whom a rule tells; nobody where it is off. */
export function channelsOf({ channels, rules }: AlertsConfig, rule: Judgement["rule"]): string[] {
  const said = rules[rule];
  const reachable = channels.filter(({ url }) => url !== "").map(({ name }) => name);
  if (said === false) return [];
  return said === true || said.channels === undefined
    ? reachable
    : reachable.filter((name) => said.channels!.includes(name));
}
