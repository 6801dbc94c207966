import { StatloomError, messageOf } from "../../base/errors.ts";
import type { Effects } from "../../base/effects.ts";
import type { RunEvent } from "../../execute/run-event.ts";
import { alertBrokenRun } from "../alert-run.ts";
import { buildNodes } from "../build-nodes.ts";
import { openProject } from "../open-project.ts";
import type { OpenOptions, OpenProject } from "../open-project.ts";
import { FAILED } from "../publish-run.ts";
import { selectNodes } from "../select-nodes.ts";
import { RefusedRequest } from "./run-request.ts";
import type { RunRequest } from "./run-request.ts";

/** How a run ended, in the words of the metrics: `broken` came to nothing, `failed` has nodes that failed. */
export type RunEnd = {
  readonly outcome: "success" | "failed" | "broken" | "stopped";
  readonly seconds: number;
  readonly code: string | null;
  readonly message: string | null;
};
export type RunFacts = {
  readonly id: string;
  readonly command: string;
  readonly select: readonly string[];
  readonly startedAt: string;
  readonly end: RunEnd | null;
};
export type StartedRun = {
  readonly id: string;
  /** Never rejects. */
  readonly done: Promise<RunEnd>;
  stop(): void;
};
type OnEvent = (event: RunEvent) => void;

export type RunKeeper = {
  /** Opens the project anew and begins; a project or a selection that is wrong is thrown, and so is that a run is under way. */
  start(request: RunRequest, onEvent: (id: string) => OnEvent): Promise<StartedRun>;
  /** The run that is under way, or else the last one. */
  latest(): RunFacts | null;
  /** false: this run is not under way. */
  stop(id: string): boolean;
  /** Stops what is under way, waits for its end, and begins nothing more. */
  close(): Promise<void>;
};

/** Runs of one project, one at a time. */
export function keepRuns(options: OpenOptions, effects: Effects, onEnd: (end: RunEnd) => void): RunKeeper {
  let isTaken = false;
  let isClosed = false;
  let active: (StartedRun & { readonly facts: RunFacts }) | null = null;
  let last: RunFacts | null = null;

  function begin(open: OpenProject, request: RunRequest, onEvent: OnEvent): StartedRun {
    const begun = performance.now();
    const controller = new AbortController();
    const { command } = request;
    const id = open.invocationId;
    const facts: RunFacts = { id, command, select: request.select, startedAt: open.startedAt, end: null };
    const ended = (outcome: RunEnd["outcome"], error: unknown): RunEnd => ({
      outcome,
      seconds: (performance.now() - begun) / 1000,
      code: error instanceof StatloomError ? error.code : null,
      message: error === null ? null : messageOf(error),
    });
    const run = buildNodes(open, {
      command,
      select: request.select,
      exclude: request.exclude,
      selector: request.selector,
      changed: request.changed,
      fullRefresh: request.full_refresh,
      failFast: request.fail_fast,
      threads: request.threads,
      lockTimeout: request.lock_timeout,
      signal: controller.signal,
      onEvent,
    });
    const done = run
      .then(
        ({ results }) => {
          if (controller.signal.aborted) return ended("stopped", null);
          return ended(results.some(({ status }) => FAILED.has(status)) ? "failed" : "success", null);
        },
        async (error: unknown) => {
          if (controller.signal.aborted) return ended("stopped", error);
          await alertBrokenRun(options, effects, command, error, onEvent).catch(() => undefined);
          return ended("broken", error);
        },
      )
      .then((end) => {
        last = { ...facts, end };
        active = null;
        isTaken = false;
        onEnd(end);
        return end;
      });
    active = { id, done, stop: () => controller.abort(), facts };
    return active;
  }

  return {
    async start(request, onEvent) {
      if (isClosed) throw new RefusedRequest(503, "STOPPING", "this server is about to stop");
      if (isTaken)
        throw new RefusedRequest(
          409,
          "RUN_ACTIVE",
          active ? `the run ${active.id} is under way` : "a run is about to begin",
          "wait for its end, or stop it: DELETE /api/runs/<id>",
        );
      isTaken = true;
      try {
        const open = await openProject(options, effects);
        // A selection that is wrong is told before anything begins.
        selectNodes(open, request);
        if (isClosed) throw new RefusedRequest(503, "STOPPING", "this server is about to stop");
        return begin(open, request, onEvent(open.invocationId));
      } catch (error) {
        isTaken = false;
        throw error;
      }
    },
    latest: () => active?.facts ?? last,
    stop(id) {
      if (active?.id !== id) return false;
      active.stop();
      return true;
    },
    async close() {
      isClosed = true;
      active?.stop();
      await active?.done;
    },
  };
}
