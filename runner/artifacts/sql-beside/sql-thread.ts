import { Worker } from "node:worker_threads";
import { Batching } from "./batches.ts";
import { sqlWorker } from "./worker-url.ts";

/** Writes files into a folder in a thread of its own, while they are made. */
export class SqlThread {
  readonly #worker: Worker;
  readonly #ended: Promise<boolean>;
  readonly #batches: Batching;

  constructor(path: string) {
    const worker = new Worker(sqlWorker(), { workerData: path });
    this.#worker = worker;
    this.#ended = new Promise<boolean>((resolve) => {
      worker.once("message", () => resolve(true));
      worker.once("error", () => resolve(false));
      worker.once("exit", () => resolve(false));
    });
    this.#batches = new Batching((batch) => worker.postMessage(batch, [batch.bytes.buffer]));
  }

  /** A file of this text and a line break at its end; `file` below the folder, with slashes. */
  put(file: string, text: string): void {
    this.#batches.put(file, text);
  }

  /** There are no more: gives whether all are written, false whatever went wrong. */
  end(): Promise<boolean> {
    this.#batches.flush();
    this.#worker.postMessage(null);
    return this.#ended;
  }
}
