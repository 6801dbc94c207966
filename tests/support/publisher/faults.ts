import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { preparing, tooBig } from "./eurostat.ts";
import { reset } from "../reset.ts";
import type { Reply } from "./reply.ts";

/** What can go wrong, by name. */
export const FAULTS = {
  slow: "the answer comes byte by byte",
  stall: "the answer begins and then stands still",
  reset: "the connection is reset in the middle",
  refuse: "the connection is closed before any answer",
  "429": "too many requests, with Retry-After in seconds",
  "429-date": "too many requests, with Retry-After as a date",
  "503": "a page of HTML with status 503",
  html: "a page of HTML with status 200",
  "truncated-gzip": "gzip that ends too early, in an answer that is whole",
  "truncated-json": "JSON that ends too early, in an answer that is whole",
  "wrong-length": "fewer bytes than announced",
  empty: "nothing, with status 200",
  async: "being made ready: come again",
  "413": "too big",
  redirect: "a redirect to another host",
  "new-edition": "a new edition comes out right after this answer",
} as const;
export type Fault = keyof typeof FAULTS;

export type Sending = {
  readonly reply: Reply;
  readonly gzip: boolean;
  readonly response: ServerResponse;
  readonly range: { readonly from: number; readonly ifRange: string | undefined } | null;
  readonly etag: string | null;
  /** Milliseconds that are waited where a fault is slow. */
  readonly pauseMs: number;
  readonly now: () => Date;
};

const page =
  "<!DOCTYPE html><html><head><title>Service under maintenance</title></head><body>Come back later</body></html>";

/** Sends an answer with what goes wrong on its way. */
export async function send(sending: Sending, fault: Fault | undefined): Promise<void> {
  const { response, pauseMs, now } = sending;
  switch (fault) {
    case "refuse":
      response.destroy();
      return;
    case "429":
      return whole(sending, {
        status: 429,
        type: "text/plain",
        body: "slow down",
        headers: { "retry-after": "1" },
      });
    case "429-date": {
      const date = new Date(now().getTime() + 2000).toUTCString();
      return whole(sending, {
        status: 429,
        type: "text/plain",
        body: "slow down",
        headers: { "retry-after": date },
      });
    }
    case "503":
      return whole(sending, { status: 503, type: "text/html", body: page });
    case "html":
      return whole(sending, { status: 200, type: "text/html", body: page });
    case "empty":
      return whole(sending, { status: 200, type: "application/json", body: "" });
    case "async":
      return whole(sending, preparing());
    case "413":
      return whole(sending, tooBig(10_305_182, 5_000_000));
    case "redirect":
      return whole(sending, {
        status: 302,
        type: "text/plain",
        body: "",
        headers: { location: "http://elsewhere.invalid/data" },
      });
    case "truncated-json": {
      const bytes = Buffer.from(sending.reply.body);
      return whole(sending, { ...sending.reply, body: bytes.subarray(0, Math.floor(bytes.length * 0.6)) });
    }
    case "truncated-gzip": {
      const packed = gzipSync(sending.reply.body);
      response.writeHead(sending.reply.status, {
        "content-type": sending.reply.type,
        "content-encoding": "gzip",
      });
      response.end(packed.subarray(0, Math.floor(packed.length * 0.7)));
      return;
    }
    case "slow":
    case "stall":
    case "reset":
    case "wrong-length": {
      const { status, headers, bytes } = prepare(sending);
      response.writeHead(status, headers);
      const half = Math.max(1, Math.floor(bytes.length / 2));
      response.write(bytes.subarray(0, half));
      if (fault === "reset" || fault === "wrong-length") {
        // What was written has to be on its way before the connection breaks.
        await sleep(2);
        if (response.socket === null) return;
        if (fault === "reset") reset(response.socket);
        else response.socket.destroySoon();
        return;
      }
      // Nobody waits for what nobody listens to any more.
      const gone = new AbortController();
      response.once("close", () => gone.abort());
      await sleep(pauseMs, undefined, { signal: gone.signal }).catch(() => undefined);
      if (fault === "stall" || gone.signal.aborted) return;
      response.end(bytes.subarray(half));
      return;
    }
    case "new-edition":
    case undefined:
      return whole(sending, sending.reply);
  }
}

function whole(sending: Sending, reply: Reply): void {
  const { status, headers, bytes } = prepare({ ...sending, reply });
  sending.response.writeHead(status, headers);
  sending.response.end(bytes);
}

/** The bytes as they go over the wire: packed, cut to a range. */
function prepare({ reply, gzip, range, etag }: Sending): {
  readonly status: number;
  readonly headers: Record<string, string | number>;
  readonly bytes: Uint8Array;
} {
  const packed = gzip && Buffer.byteLength(reply.body) > 200 ? gzipSync(reply.body) : Buffer.from(reply.body);
  const headers: Record<string, string | number> = {
    "content-type": reply.type,
    ...(gzip && Buffer.byteLength(reply.body) > 200 && { "content-encoding": "gzip" }),
    ...(etag !== null && { etag, "accept-ranges": "bytes" }),
    ...reply.headers,
  };
  if (range !== null && etag !== null && range.ifRange === etag && range.from < packed.length) {
    const bytes = packed.subarray(range.from);
    headers["content-range"] = `bytes ${range.from}-${packed.length - 1}/${packed.length}`;
    headers["content-length"] = bytes.length;
    return { status: 206, headers, bytes };
  }
  headers["content-length"] = packed.length;
  return { status: reply.status, headers, bytes: packed };
}
