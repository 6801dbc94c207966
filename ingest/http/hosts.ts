import PQueue from "p-queue";
import type { HostLimits } from "../publishers/publisher.ts";

/** Lets requests through to each host as often as it may be asked; a host that asks to be left alone is, by everybody. */
export type HostGates = {
  limit(host: string, limits: HostLimits): void;
  through<T>(host: string, body: () => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
  /** Nothing goes to the host until `ms` from now. */
  hush(host: string, ms: number): void;
};

const DEFAULT_LIMITS: HostLimits = { concurrency: 4, calls: 0, seconds: 1 };

export function createHostGates(sleep: (ms: number) => Promise<void>): HostGates {
  const queues = new Map<string, PQueue>();
  const quietUntil = new Map<string, Promise<void>>();
  const queueOf = (host: string): PQueue => {
    const found = queues.get(host) ?? makeQueue(DEFAULT_LIMITS);
    queues.set(host, found);
    return found;
  };
  return {
    limit(host, limits) {
      if (!queues.has(host)) queues.set(host, makeQueue(limits));
    },
    async through(host, body, signal) {
      await quietUntil.get(host);
      return queueOf(host).add(body, signal === undefined ? {} : { signal });
    },
    hush(host, ms) {
      const quiet = Promise.all([quietUntil.get(host), sleep(ms)]).then(() => undefined);
      quietUntil.set(
        host,
        quiet.catch(() => undefined),
      );
    },
  };
}

function makeQueue({ concurrency, calls, seconds }: HostLimits): PQueue {
  return new PQueue({
    concurrency,
    // oxlint-disable-next-line unicorn/no-useless-spread -- absent keys are no limit, undefined ones are refused
    ...(calls > 0 && { intervalCap: calls, interval: seconds * 1000, carryoverIntervalCount: true }),
  });
}
