import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../base/errors.ts";
import type { ChannelConfig } from "../../project/alerts-schema.ts";
import { NotTakenError } from "../post-json.ts";
import { sendTo } from "./channels/send.ts";
import type { Pending } from "./settle.ts";

const TRIES = 3;
const LONGEST_WAIT_MS = 10_000;
/** What nobody could be told in this time is given up. */
const KEPT_MS = 3 * 86_400_000;

export type Delivery = {
  /** What is still to be told. */
  readonly left: readonly Pending[];
  readonly failures: readonly string[];
};

/**
 * Sends what waits, each channel in order and the channels side by side; what fails is tried again a few times, then left for the
 * next run. Never throws.
 */
export async function deliver(
  outbox: readonly Pending[],
  channels: readonly ChannelConfig[],
  options: { readonly now: () => Date; readonly signal: AbortSignal; readonly backoffMs: number },
): Promise<Delivery> {
  const left = new Set(outbox);
  const failures: string[] = [];
  const names = [...new Set(outbox.map(({ channel }) => channel))];
  await Promise.all(
    names.map(async (name) => {
      const channel = channels.find((one) => one.name === name && one.url !== "");
      for (const pending of outbox.filter((one) => one.channel === name)) {
        const error = channel === undefined ? null : await tryToSend(channel, pending, options);
        const isOld = options.now().getTime() - Date.parse(pending.since) > KEPT_MS;
        if (error === null || isOld) left.delete(pending);
        if (error === null) continue;
        failures.push(
          `the channel "${name}" was not told: ${error}; ${isOld ? "given up after three days" : "the next run tries again"}`,
        );
        // Those behind it would meet the same.
        if (!isOld) return;
      }
    }),
  );
  return { left: [...left], failures };
}

async function tryToSend(
  channel: ChannelConfig,
  { message }: Pending,
  { now, signal, backoffMs }: Parameters<typeof deliver>[2],
): Promise<string | null> {
  for (let attempt = 1; ; attempt++) {
    try {
      await sendTo(channel, message, now(), signal);
      return null;
    } catch (error) {
      const refused = error instanceof NotTakenError ? error : null;
      const mayRetry = refused === null || refused.retryable;
      if (attempt === TRIES || !mayRetry || signal.aborted) return messageOf(error);
      const wait = refused?.retryAfterMs ?? backoffMs * 2 ** (attempt - 1);
      await sleep(Math.min(wait, LONGEST_WAIT_MS), undefined, { signal }).catch(() => undefined);
    }
  }
}
