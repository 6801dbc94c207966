import { Worker } from "node:worker_threads";
import { PiecesUnsound } from "../pieces.ts";
import type { LaneOrders, PieceDone, ThreadReport, ThreadTask } from "./messages.ts";

/** A thread that can be asked one thing at a time. What goes wrong there is thrown here. */
export type Thread = {
  readonly isGone: () => boolean;
  /** SHA-256 of a file, in hexadecimal. */
  hash(path: string): Promise<string>;
  /** Opens a lane with a database of its own; null closes it. */
  lane(orders: LaneOrders | null): Promise<void>;
  write(piece: number, path: string): Promise<PieceDone>;
  /** Makes what is being written end soon, and fail. */
  stop(): void;
  end(): Promise<void>;
  /** An idle thread does not keep the process alive. */
  rest(): void;
  wake(): void;
};

/** Megabytes for what is young: batches leave little behind, and without a limit it would grow to 48. */
const SMALL = { maxYoungGenerationSizeMb: 6 };

/** Starts a thread of a module that calls `serveThread`. */
export function startThread(module: URL): Thread {
  const stopped = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(module, { workerData: stopped, resourceLimits: SMALL });
  let fault: Error | undefined;
  let answer: ((report: ThreadReport) => void) | undefined;
  const isGone = (): boolean => fault !== undefined;
  const end = (error: Error): void => {
    fault ??= error;
    answer?.({ kind: "failed", unsound: false, message: fault.message });
  };
  worker.on("message", (report: ThreadReport) => answer?.(report));
  worker.on("error", (error: unknown) => end(error instanceof Error ? error : new Error(String(error))));
  worker.on("exit", () => end(new Error("the thread has ended")));
  async function ask<Kind extends ThreadTask["kind"]>(
    task: Extract<ThreadTask, { kind: Kind }>,
  ): Promise<Extract<ThreadReport, { kind: Kind }>> {
    if (fault !== undefined) throw fault;
    const report = await new Promise<ThreadReport>((resolve) => {
      answer = resolve;
      worker.postMessage(task);
    });
    if (report.kind === task.kind) return report as Extract<ThreadReport, { kind: Kind }>;
    const { unsound, message } = report as Extract<ThreadReport, { kind: "failed" }>;
    throw unsound ? new PiecesUnsound(message) : new Error(message);
  }
  return {
    isGone,
    hash: async (path) => (await ask<"hash">({ kind: "hash", path })).sha256,
    lane: async (orders) => {
      Atomics.store(stopped, 0, 0);
      await ask<"lane">({ kind: "lane", orders });
    },
    write: async (piece, path) => (await ask<"piece">({ kind: "piece", piece, path })).done,
    stop: () => void Atomics.store(stopped, 0, 1),
    end: async () => void (await worker.terminate()),
    rest: () => worker.unref(),
    wake: () => worker.ref(),
  };
}
