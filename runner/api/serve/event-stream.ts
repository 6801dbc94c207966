import type { IncomingMessage, ServerResponse } from "node:http";

/** Lines of JSON to whoever asked; what nobody reads any more is dropped. */
export type EventStream = {
  send(line: string): void;
  end(): void;
};

/** A comment now and then keeps proxies from taking a long model for a dead connection; NDJSON has no comments. */
const HEARTBEAT_MS = 15_000;

/** As server-sent events to a reader that says so, else as a JSON object a line. */
export function openEventStream(request: IncomingMessage, response: ServerResponse): EventStream {
  const isSse = /\btext\/event-stream\b/i.test(request.headers.accept ?? "");
  response.writeHead(200, {
    "Content-Type": isSse ? "text/event-stream; charset=utf-8" : "application/x-ndjson",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
  });
  response.flushHeaders();
  const beat = isSse ? setInterval(() => response.write(": still here\n\n"), HEARTBEAT_MS) : undefined;
  response.on("close", () => clearInterval(beat));
  // Whoever stops listening is no failure of the run.
  response.on("error", () => undefined);
  return {
    send(line) {
      if (response.writable) response.write(isSse ? `data: ${line.trimEnd()}\n\n` : line);
    },
    end() {
      clearInterval(beat);
      response.end();
    },
  };
}
