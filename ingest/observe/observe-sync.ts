import { messageOf } from "../../runner/base/errors.ts";
import { channelsOf } from "../../runner/observe/alerts/settle.ts";
import { raiseAlerts } from "../../runner/observe/alerts/raise-alerts.ts";
import type { Judgement } from "../../runner/observe/alerts/judgement.ts";
import type { AlertsConfig } from "../../runner/project/alerts-schema.ts";
import { readBatchLog } from "../../runner/project/batch-log.ts";
import { readVintages } from "../../runner/project/landing.ts";
import { isEnd } from "../sync/events.ts";
import type { SyncEvent } from "../sync/events.ts";
import { logBatch } from "./batch-of.ts";
import { judgeSync } from "./judge-sync.ts";

export type Observed = {
  readonly root: string;
  readonly landing: string;
  readonly name: string;
  readonly alerts: AlertsConfig;
};

export type Observer = {
  /** Notes in the log of batches how the work on a dataset ended. Never throws. */
  see(event: SyncEvent): void;
  /** Tells the channels what was found, and what besides. Returns what could not be done, for the log. */
  tell(more?: readonly Judgement[]): Promise<readonly string[]>;
};

/** Watches datasets being brought up to date, for `meta.ingest_batches` and for alerts. */
export function observeSync({ root, landing, name, alerts }: Observed, now: () => Date): Observer {
  const ended: SyncEvent[] = [];
  const troubles: string[] = [];
  // Read before this run adds to it.
  const times = channelsOf(alerts, "slower_than_usual").length > 0 ? landingTimes(landing) : () => [];
  return {
    see(event) {
      if (!isEnd(event)) return;
      ended.push(event);
      try {
        logBatch(landing, event);
      } catch (error) {
        // A log that cannot be written is no reason to stop landing.
        troubles.push(messageOf(error));
      }
    },
    async tell(more = []) {
      const judgements = ended.splice(0).flatMap((event) => {
        const { publisher, dataset } = event;
        const list = readVintages(landing, publisher, dataset);
        const before = list.at(event.kind === "held" ? -1 : -2);
        const history = { rows: before?.rows ?? null, seconds: times(`${publisher}/${dataset}`) };
        return judgeSync(event, alerts, history);
      });
      const unsent = await raiseAlerts([...judgements, ...more], {
        config: alerts,
        root,
        project: name,
        origin: "ingest",
        now,
      });
      return [...troubles.splice(0), ...unsent];
    },
  };
}

/** Seconds of each landing of a dataset, oldest first. */
function landingTimes(landing: string): (name: string) => readonly number[] {
  const found = new Map<string, number[]>();
  for (const { batch } of readBatchLog(landing, new Map())) {
    if (batch.outcome !== "landed") continue;
    const name = `${batch.publisher}/${batch.dataset}`;
    const list = found.get(name) ?? [];
    list.push(batch.seconds);
    found.set(name, list);
  }
  return (name) => found.get(name) ?? [];
}
