import { median } from "../../runner/base/median.ts";
import type { AlertsConfig } from "../../runner/project/alerts-schema.ts";
import {
  fallenFinding,
  rejectedFinding,
  slowFinding,
  slowerRule,
} from "../../runner/observe/alerts/findings.ts";
import type { Finding, Judgement } from "../../runner/observe/alerts/judgement.ts";
import { plural } from "../../runner/base/text.ts";
import { isEnd } from "../sync/events.ts";
import type { SyncEvent } from "../sync/events.ts";

/** What a dataset was before: rows of the edition before this one, and how long its landings take. */
export type Before = { readonly rows: number | null; readonly seconds: readonly number[] };

/** What the rules say of the work on a dataset, well or not. */
export function judgeSync(event: SyncEvent, { rules }: AlertsConfig, before: Before): Judgement[] {
  if (!isEnd(event) || event.kind === "skipped") return [];
  const subject = `${event.publisher}/${event.dataset}`;
  const judge = (rule: Judgement["rule"], finding: Finding | null): Judgement => ({ rule, subject, finding });
  if (event.kind === "failed") {
    const { dead, code, message, retryAt, attempts } = event;
    const next = dead
      ? "it is given up until something newer is announced"
      : `it is tried again at ${retryAt}`;
    return [
      judge("failed_run", {
        severity: dead ? "error" : "warn",
        title: `${subject} could not be fetched`,
        details: `${code} ${message}\n${plural(attempts, "attempt")}; ${next}`,
      }),
    ];
  }
  if (event.kind === "unchanged") return [judge("failed_run", null)];
  const held: Finding = {
    severity: "error",
    title: `${subject} changed too much and waits`,
    details: `${event.drift.map(({ message }) => message).join("\n")}\ningest accept ${subject} lands it`,
  };
  const found = [
    judge("failed_run", event.kind === "held" ? held : null),
    judge("rejected_share", rejectedFinding(subject, event, rules)),
    judge("rows_fallen", fallenFinding(subject, event.rows, before.rows, rules)),
  ];
  return event.kind === "held"
    ? found
    : [
        ...found,
        judge(
          "slower_than_usual",
          slowFinding(subject, event.seconds, usualOf(before.seconds, slowerRule(rules).runs), rules),
        ),
      ];
}

/** The median of the newest. */
function usualOf(history: readonly number[], runs: number): { seconds: number; runs: number } {
  const recent = history.slice(-runs);
  return { seconds: median(recent) ?? 0, runs: recent.length };
}
