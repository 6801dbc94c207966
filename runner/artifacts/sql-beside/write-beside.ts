import { Worker } from "node:worker_threads";
import { batchesOf } from "./batches.ts";
import { sqlWorker } from "./worker-url.ts";

/** Begins to write files into the folder at `path` in a thread of its own; gives whether all are written, false whatever went wrong. */
export function writeBeside(
  path: string,
  files: Iterable<readonly [file: string, text: string]>,
): Promise<boolean> {
  const worker = new Worker(sqlWorker(), { workerData: path });
  const ended = new Promise<boolean>((resolve) => {
    worker.once("message", () => resolve(true));
    worker.once("error", () => resolve(false));
    worker.once("exit", () => resolve(false));
  });
  for (const batch of batchesOf(files)) worker.postMessage(batch, [batch.bytes.buffer]);
  worker.postMessage(null);
  return ended;
}
