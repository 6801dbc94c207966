import type { IncomingMessage, ServerResponse } from "node:http";
import { Gauge, Registry, collectDefaultMetrics } from "prom-client";
import type { Effects } from "../../base/effects.ts";
import { ProjectError, UsageError, messageOf } from "../../base/errors.ts";
import { redact } from "../../base/secrets.ts";
import type { Route } from "../../docs/serve/serve.ts";
import { jsonEvent, jsonLine } from "../../execute/json-event.ts";
import { nodeMetric, runMetrics } from "../../observe/run-metrics.ts";
import type { OpenOptions } from "../open-project.ts";
import { openEventStream } from "./event-stream.ts";
import type { EventStream } from "./event-stream.ts";
import { lastRunMetrics } from "./last-run-metrics.ts";
import { keepRuns } from "./run-keeper.ts";
import type { RunKeeper } from "./run-keeper.ts";
import { readRunRequest, RefusedRequest } from "./run-request.ts";

export type Api = {
  readonly routes: readonly Route[];
  /** Stops a run that is under way and waits until it has ended. */
  close(): Promise<void>;
};

/** `/metrics`, `/healthz`, and `/api/runs` for the project that `options` name. `targetFolder`: where its artifacts are. */
export function createApi(options: OpenOptions, effects: Effects, targetFolder: string): Api {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const count = runMetrics(registry);
  lastRunMetrics(registry, targetFolder);
  const runs = keepRuns(options, effects, (end) => count({ kind: "ended", ...end }));
  const isActive = new Gauge({
    name: "statloom_run_active",
    help: "1 while a run is under way that was started here.",
    registers: [registry],
    collect() {
      isActive.set(runs.latest()?.end === null ? 1 : 0);
    },
  });
  const routes: Route[] = [
    {
      method: "GET",
      path: "/healthz",
      to: "all",
      answer: async (_, response) => send(response, 200, "text/plain; charset=utf-8", "ok\n"),
    },
    {
      method: "GET",
      path: "/metrics",
      to: "token",
      answer: async (_, response) => send(response, 200, registry.contentType, await registry.metrics()),
    },
    {
      method: "GET",
      path: "/api/runs",
      to: "token",
      answer: async (_, response) => sendJson(response, 200, { latest: runs.latest() }),
    },
    {
      method: "POST",
      path: "/api/runs",
      to: "header",
      answer: (request, response) => startRun({ runs, effects, count }, request, response),
    },
    {
      method: "DELETE",
      path: "/api/runs/:id",
      to: "header",
      answer: async (_, response, id) => {
        if (runs.stop(id)) return sendJson(response, 202, { stopping: id });
        sendJson(response, 404, { errors: [{ code: "RUN_UNKNOWN", message: "no such run is under way" }] });
      },
    },
  ];
  return { routes, close: () => runs.close() };
}

type Runner = {
  readonly runs: RunKeeper;
  readonly effects: Effects;
  readonly count: ReturnType<typeof runMetrics>;
};

async function startRun(
  { runs, effects, count }: Runner,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let stream: EventStream | undefined;
  try {
    const asked = await readRunRequest(request);
    const run = await runs.start(asked, (id) => {
      const opened = openEventStream(request, response);
      stream = opened;
      return (event) => {
        if (event.kind === "node-finished") {
          const { uniqueId, status, executionTime, rows } = event.result;
          count(nodeMetric(uniqueId, { status, seconds: executionTime, rows }));
        }
        opened.send(redact(jsonEvent(event, effects.now(), id)));
      };
    });
    if (asked.stop_on_disconnect) response.once("close", () => run.stop());
    const end = await run.done;
    stream?.send(redact(jsonLine("run-ended", effects.now(), { invocationId: run.id, ...end })));
    stream?.end();
  } catch (error) {
    // Nothing has been sent yet: what is thrown is thrown before the run begins.
    sendJson(response, statusOf(error), { errors: errorsOf(error) });
  }
}

function statusOf(error: unknown): number {
  if (error instanceof RefusedRequest) return error.status;
  if (error instanceof ProjectError) return 422;
  return error instanceof UsageError ? 400 : 500;
}

/** In the words of the command line. */
function errorsOf(error: unknown): readonly object[] {
  if (error instanceof ProjectError) return error.problems;
  const { code = "INTERNAL", hint } = error as { readonly code?: string; readonly hint?: string };
  return [{ code, message: messageOf(error), ...(hint !== undefined && { hint }) }];
}

const sendJson = (response: ServerResponse, status: number, value: unknown): void =>
  send(response, status, "application/json", redact(`${JSON.stringify(value)}\n`));

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.setHeader("Cache-Control", "no-store");
  response.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(text) });
  response.end(response.req.method === "HEAD" ? undefined : text);
}
