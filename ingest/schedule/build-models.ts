import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { messageOf } from "../../runner/base/errors.ts";
import { isObject, parseJson } from "../../runner/base/json.ts";
import { nodeEvent } from "../observe/build-event.ts";
import type { BuildEvent } from "../observe/build-event.ts";

/** How long a build that is told to stop may take to roll back. */
const GRACE_MS = 30_000;

export type ModelsCall = {
  /** The command and its first words: `[node, …/dist/models.cjs]`. */
  readonly command: readonly string[];
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly onEvent: (event: BuildEvent) => void;
  /** Warnings and errors of it, a line each. */
  readonly onLog: (line: string) => void;
};

/**
 * Runs `models` as a process of its own: the memory and the warehouse of a build are given back when it ends, and whatever becomes of it,
 * the scheduler lives on. Never throws.
 */
export function runModels(call: ModelsCall): Promise<Extract<BuildEvent, { kind: "ended" }>> {
  const begun = performance.now();
  return new Promise((resolve) => {
    const [file = process.execPath, ...first] = call.command;
    const child = spawn(file, [...first, ...call.words, "--log-format", "json"], {
      cwd: call.cwd,
      env: call.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let errors = 0;
    let isFinished = false;
    let message: string | null = null;
    const stop = (): void => {
      child.kill("SIGTERM");
      setTimeout(() => child.kill("SIGKILL"), GRACE_MS).unref();
    };
    if (call.signal.aborted) stop();
    call.signal.addEventListener("abort", stop, { once: true });
    createInterface({ input: child.stdout }).on("line", (line) => {
      const node = nodeEvent(line);
      if (node !== null) {
        if (node.status === "error" || node.status === "partial success") errors++;
        call.onEvent(node);
      }
      const { event, message: said } = factsOf(line);
      if (event === "run-finished") isFinished = true;
      if (event === "error") message = said;
      if (event === "error" || event === "warning") call.onLog(line);
    });
    createInterface({ input: child.stderr }).on("line", (line) => call.onLog(line));
    const end = (code: number | null, why: string | null): void => {
      call.signal.removeEventListener("abort", stop);
      const outcome = call.signal.aborted
        ? "stopped"
        : code === 0
          ? "success"
          : isFinished
            ? "failed"
            : "broken";
      const ended = {
        kind: "ended",
        outcome,
        seconds: (performance.now() - begun) / 1000,
        errors,
        message: why ?? message,
        isCrash: why !== null,
      } as const;
      call.onEvent(ended);
      resolve(ended);
    };
    child.once("error", (error) => end(null, messageOf(error)));
    child.once("close", (code, signal) =>
      end(code, signal === null ? null : `models was ended by ${signal}`),
    );
  });
}

function factsOf(line: string): { event: string; message: string | null } {
  const value = parseJson(line);
  if (!isObject(value)) return { event: "", message: null };
  const problems = Array.isArray(value["problems"]) ? value["problems"].length : 0;
  const said = typeof value["message"] === "string" ? value["message"] : null;
  return {
    event: String(value["event"]),
    message: said ?? (problems > 0 ? `${problems} problems in the project` : null),
  };
}
