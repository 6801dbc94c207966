import { setMaxListeners } from "node:events";
import { renameSync, rmSync } from "node:fs";
import type { Dispatcher } from "undici";
import { readStart } from "../../runner/base/files.ts";
import { packageVersion } from "../../runner/base/package-root.ts";
import type { HostLimits } from "../publishers/publisher.ts";
import { createHostGates } from "./hosts.ts";
import { HttpError, NotReadyError } from "./http-error.ts";
import { judgeStatus } from "./judge-status.ts";
import { PartFile } from "./part-file.ts";
import { DEFAULT_RETRY, readRetryAfter, withRetries } from "./retry.ts";
import type { Clock, RetryPolicy } from "./retry.ts";
import { DEFAULT_TIMEOUTS, createDispatcher, sendRequest } from "./send.ts";
import type { Sent, Timeouts } from "./send.ts";
import type { Answered, AskOptions, DownloadAnswer, Http, HttpRequest, Marks, ReadAnswer } from "./types.ts";
import { HEAD_BYTES, tooLong, unpackBytes, unpackFile } from "./unpack.ts";

export type HttpOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly retry?: Partial<RetryPolicy>;
  readonly timeouts?: Partial<Timeouts>;
};

/** Told to each publisher, so that it knows whom to write to. */
const userAgent = (): string =>
  `statloom/${packageVersion()} (official statistics to SQL; +https://www.npmjs.com/package/statloom)`;

const DEFAULT_MAX_BYTES = 10 * 2 ** 30;
const MAX_IN_MEMORY = 256 * 2 ** 20;

export type HostedHttp = Http & {
  /** Says how often a host may be asked, and where it may redirect to. The first word counts. */
  allow(url: string, limits: HostLimits, redirectsTo?: readonly string[]): void;
};

/** Asks with patience: timeouts, retries with backoff, `Retry-After`, limits of each host, resumption, and answers checked to their end. */
export function createHttp(options: HttpOptions): HostedHttp {
  // Every request listens to it, and many go on at once: that is no leak.
  setMaxListeners(0, options.signal);
  const dispatcher = createDispatcher(options.env, { ...DEFAULT_TIMEOUTS, ...options.timeouts });
  const gates = createHostGates((ms) => options.clock.sleep(ms, options.signal));
  const redirects = new Map<string, readonly string[]>();
  const asking: Asking = { ...options, dispatcher, gates, redirects };
  return {
    allow(url, limits, redirectsTo = []) {
      const { host } = new URL(url);
      gates.limit(host, limits);
      if (!redirects.has(host)) redirects.set(host, redirectsTo);
    },
    read: (request, ask = {}) => repeat(asking, request, ask, () => readOnce(asking, request, ask)),
    async download(request, path, ask = {}) {
      const part = new PartFile(path, request);
      try {
        return await repeat(asking, request, ask, () => downloadOnce(asking, request, path, part, ask));
      } finally {
        part.close();
      }
    },
    // Bun has a client of its own by the name of undici, which has nothing to close.
    close: async () => (dispatcher as Partial<Dispatcher>).destroy?.(),
  };
}

type Asking = HttpOptions & {
  readonly dispatcher: Dispatcher;
  readonly gates: ReturnType<typeof createHostGates>;
  readonly redirects: ReadonlyMap<string, readonly string[]>;
};

function repeat<T>(
  asking: Asking,
  request: HttpRequest,
  ask: AskOptions,
  once: () => Promise<T>,
): Promise<T> {
  const { host } = new URL(request.url);
  const signal = ask.signal ?? asking.signal;
  const policy = { ...DEFAULT_RETRY, ...asking.retry };
  return withRetries(() => asking.gates.through(host, once, signal), policy, asking.clock, {
    signal,
    onRetry(error, attempt, waitMs) {
      if (error.retryAfterMs !== null) asking.gates.hush(host, waitMs);
      ask.onEvent?.({ kind: "retry", attempt, waitMs, code: error.code, message: error.message });
    },
  });
}

function ask(
  asking: Asking,
  request: HttpRequest,
  options: AskOptions,
  range: Record<string, string>,
): Promise<Sent> {
  const { known } = options;
  const { host } = new URL(request.url);
  return sendRequest(request, {
    dispatcher: asking.dispatcher,
    userAgent: userAgent(),
    hosts: asking.redirects.get(host) ?? [],
    signal: options.signal ?? asking.signal,
    headers: {
      ...(known?.etag && { "if-none-match": known.etag }),
      ...(known?.lastModified && { "if-modified-since": known.lastModified }),
      ...range,
    },
  });
}

async function readOnce(asking: Asking, request: HttpRequest, options: AskOptions): Promise<ReadAnswer> {
  const sent = await ask(asking, request, options, {});
  const max = options.maxBytes ?? MAX_IN_MEMORY;
  const facts = { status: sent.status, headers: sent.headers, ...marksOf(sent) };
  if (sent.status === 304) {
    await sent.discard();
    return { ...facts, bytes: new Uint8Array(), notModified: true };
  }
  const chunks: Uint8Array[] = [];
  const total = lengthOf(sent);
  let received = 0;
  for await (const chunk of sent.body) {
    received += chunk.length;
    if (received > max) throw tooLong(max);
    chunks.push(chunk);
    options.onEvent?.({ kind: "bytes", received, total });
  }
  checkLength(sent, received, total);
  const bytes = unpackBytes(Buffer.concat(chunks), max);
  accept(asking, sent, bytes.subarray(0, HEAD_BYTES), bytes.length <= HEAD_BYTES, options);
  return { ...facts, bytes, notModified: false };
}

async function downloadOnce(
  asking: Asking,
  request: HttpRequest,
  path: string,
  part: PartFile,
  options: AskOptions,
): Promise<DownloadAnswer> {
  const range = part.rangeHeaders();
  const sent = await ask(asking, request, options, range);
  const max = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const facts = { status: sent.status, ...marksOf(sent) };
  if (sent.status === 304) {
    await sent.discard();
    return { ...facts, received: 0, bytes: 0, notModified: true };
  }
  const goesOn = sent.status === 206;
  if (sent.status === 416 || (goesOn && !isRest(sent, part.size))) {
    await sent.discard();
    part.discard();
    throw new HttpError("RANGE_REFUSED", "the rest of the document cannot be had alone", { retryable: true });
  }
  if (goesOn) options.onEvent?.({ kind: "resumed", from: part.size });
  const announced = lengthOf(sent);
  const total = announced === null ? null : announced + (goesOn ? part.size : 0);
  part.begin(marksOf(sent), total, goesOn);
  const before = part.size;
  for await (const chunk of sent.body) {
    part.write(chunk);
    if (part.size > max) throw tooLong(max);
    options.onEvent?.({ kind: "bytes", received: part.size, total });
  }
  const received = part.size;
  checkLength(sent, received - before, announced);
  const beside = `${path}.unpacked`;
  try {
    const signal = options.signal ?? asking.signal;
    const unpacked = await unpackFile(part.path, beside, readStart(part.path, 2), { maxBytes: max, signal });
    const status = goesOn ? 200 : sent.status;
    accept(asking, { ...sent, status }, unpacked.head, unpacked.bytes <= HEAD_BYTES, options);
    renameSync(beside, path);
    part.discard();
    return { ...facts, status, received, bytes: unpacked.bytes, notModified: false };
  } catch (error) {
    // Whole, and yet no data: going on from its end would bring nothing.
    part.discard();
    rmSync(beside, { force: true });
    throw error;
  }
}

/** Lets data through and throws what anything else means. */
function accept(asking: Asking, sent: Sent, head: Uint8Array, isWhole: boolean, { judge }: AskOptions): void {
  const { status, url, headers } = sent;
  const answered: Answered = { status, url, headers, head: Buffer.from(head).toString("utf8"), isWhole };
  const verdict = judge?.(answered) ?? judgeStatus(answered);
  const retryAfterMs = readRetryAfter(headers["retry-after"], asking.clock.now());
  if (verdict.kind === "data") return;
  const { code, message } = verdict;
  if (verdict.kind === "later")
    throw new NotReadyError(code, message, { retryable: true, status, retryAfterMs });
  throw new HttpError(code, message, {
    status,
    retryAfterMs,
    retryable: verdict.kind === "retry",
    tooBig: verdict.kind === "too big",
    ...(verdict.kind === "too big" && { pieces: verdict.pieces }),
    ...("hint" in verdict && verdict.hint !== undefined && { hint: verdict.hint }),
  });
}

const marksOf = ({ headers }: Sent): Marks => ({
  etag: headers["etag"] ?? null,
  lastModified: headers["last-modified"] ?? null,
});

function lengthOf({ headers }: Sent): number | null {
  const text = headers["content-length"];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

function checkLength(sent: Sent, received: number, announced: number | null): void {
  // Some runtimes unpack by themselves: the announced length is then of something else.
  if (announced === null || announced === received || sent.headers["content-encoding"] !== undefined) return;
  throw new HttpError(
    "TRUNCATED",
    `${received.toLocaleString("en-US")} of ${announced.toLocaleString("en-US")} bytes came`,
    { retryable: true },
  );
}

/** `bytes 100-199/200` begins where we stand. */
const isRest = ({ headers }: Sent, from: number): boolean =>
  Number(/^bytes (\d+)-/.exec(headers["content-range"] ?? "")?.[1]) === from;
