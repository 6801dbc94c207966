import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import PQueue from "p-queue";
import { messageOf } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json.ts";
import { redact } from "../../base/secrets.ts";
import { plural } from "../../base/text.ts";
import { NotTakenError, postJson } from "../post-json.ts";
import type { LineageSettings } from "./settings.ts";

/** An event on its way; those of one run arrive in the order in which they were given. */
export type Outgoing = { readonly runId: string; readonly event: JsonObject };

export type EventSender = {
  /** Never throws and never waits. */
  send(outgoing: Outgoing): void;
  /** Waits for what is on its way while the receiver answers; gives what could not be told, a sentence a place. */
  close(): Promise<readonly string[]>;
};

const AT_ONCE = 6;
/** More than this wait in memory for nobody. */
const MOST_WAITING = 10_000;
const WAITS_MS = [200, 800];
/** Refusals in a row after which a receiver is taken not to want any. */
const MOST_REFUSALS = 5;
/** Milliseconds that a receiver has for an answer when nothing else is left to do, and for all answers together. */
type Patience = { readonly silence: number; readonly whole: number };
const PATIENCE_MS: Patience = { silence: 3_000, whole: 30_000 };

/** Secrets are struck out of what is sent: SQL and messages of errors may quote them. */
const withoutSecrets = (event: JsonObject): string => redact(JSON.stringify(event));

export function openSender({ address, apiKey, file }: LineageSettings, patience = PATIENCE_MS): EventSender {
  const places = [
    ...(file === null ? [] : [intoFile(file)]),
    ...(address === null ? [] : [toAddress(address, apiKey, patience)]),
  ];
  return {
    send(outgoing) {
      for (const place of places) place.send(outgoing);
    },
    close: async () => (await Promise.all(places.map((place) => place.close()))).flat(),
  };
}

/** A line an event, after what is there. */
function intoFile(path: string): EventSender {
  let failure: string | null = null;
  let lost = 0;
  return {
    send({ event }) {
      if (failure === null) {
        try {
          mkdirSync(dirname(path), { recursive: true });
          return appendFileSync(path, `${withoutSecrets(event)}\n`);
        } catch (error) {
          failure = messageOf(error);
        }
      }
      lost++;
    },
    close: () =>
      Promise.resolve(failure === null ? [] : [`${failure}; ${plural(lost, "event")} not written`]),
  };
}

/** Posts events side by side. A receiver that is down is tried no more, so that no run waits for it. */
function toAddress(address: string, apiKey: string, patience: Patience): EventSender {
  const queue = new PQueue({ concurrency: AT_ONCE });
  const stop = new AbortController();
  const headers = apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` };
  const before = new Map<string, Promise<void>>();
  let failure: string | null = null;
  let refusals = 0;
  let isDown = false;
  let lost = 0;
  let answered = performance.now();

  async function post(event: JsonObject): Promise<void> {
    const body = JSON.parse(withoutSecrets(event)) as JsonObject;
    for (let attempt = 0; !isDown; attempt++) {
      try {
        await postJson(address, body, headers, stop.signal);
        answered = performance.now();
        refusals = 0;
        return;
      } catch (error) {
        const mayPass = error instanceof NotTakenError && error.retryable && !stop.signal.aborted;
        const wait = WAITS_MS[attempt];
        if (mayPass && wait !== undefined) {
          await sleep(wait, undefined, { signal: stop.signal }).catch(() => undefined);
          continue;
        }
        failure ??= stop.signal.aborted
          ? `${new URL(address).host} did not answer in time`
          : messageOf(error);
        isDown = mayPass || stop.signal.aborted || ++refusals >= MOST_REFUSALS;
        break;
      }
    }
    lost++;
  }

  return {
    send({ runId, event }) {
      if (isDown || queue.size >= MOST_WAITING) return void lost++;
      const last = before.get(runId);
      const sent = queue.add(async () => {
        await last;
        await post(event);
      });
      before.set(runId, sent);
    },
    async close() {
      const began = performance.now();
      answered = began;
      const idle = queue.onIdle().then(() => true);
      while (!(await Promise.race([idle, sleep(50).then(() => false)]))) {
        const now = performance.now();
        if (now - answered > patience.silence || now - began > patience.whole) stop.abort();
      }
      return lost === 0 ? [] : [`${failure ?? new URL(address).host}; ${plural(lost, "event")} not sent`];
    },
  };
}
