import { Worker } from "node:worker_threads";
import { findPaths } from "../../project/find-files.ts";
import type { FoundPaths } from "../../project/find-files.ts";
import type { AheadOf, FilesAhead } from "../../project/ahead/read-ahead.ts";
import { Batching } from "./batches.ts";
import type { Telling, Told, Work } from "./messages.ts";
import { diskWorker } from "./worker-url.ts";

/** Most of what it makes is gone soon: with as much room as V8 gives to others it takes 16 MB more. */
const LITTLE = { maxYoungGenerationSizeMb: 2 };

/** A thread for the disk: reads a project's SQL while this one is at its property files, and writes SQL while this one makes it. */
export class DiskThread {
  /** What it was begun for to read. */
  readonly ahead: FilesAhead | undefined;
  readonly #worker: Worker;
  readonly #written: Promise<true | undefined>;
  /** What the files were read into, which would wait for V8 to find that nobody has it any more: 13 MB of 10,000 models. */
  readonly #spare: ArrayBuffer[] = [];
  #paths: FoundPaths | undefined;
  #batches: Batching | undefined;
  #isStopped = false;

  /** `lookedAt`: of now, in milliseconds since 1970. */
  constructor(reading: AheadOf | null = null, lookedAt = 0) {
    const worker = new Worker(diskWorker(), { resourceLimits: LITTLE });
    this.#worker = worker;
    const waiting = new Map<keyof Told, (value: never) => void>();
    const told = <Key extends keyof Told>(key: Key): Promise<Told[Key] | undefined> =>
      new Promise((resolve) => waiting.set(key, resolve));
    const [texts, stamps, written] = [told("texts"), told("stamps"), told("written")];
    worker.on("message", (telling: Telling) => {
      for (const [key, value] of Object.entries(telling)) waiting.get(key as keyof Told)!(value as never);
    });
    const fail = (): void => waiting.forEach((resolve) => resolve(undefined as never));
    worker.once("error", fail);
    worker.once("exit", fail);
    this.#written = written;
    this.ahead =
      reading === null
        ? undefined
        : {
            ...reading,
            lookedAt,
            paths: () => (this.#paths ??= this.#begin(reading)),
            texts,
            stamps,
            giveBack: (memory) => this.#spare.push(...memory),
          };
  }

  /** Whether it can still be given SQL. */
  get isFree(): boolean {
    return this.#batches === undefined && !this.#isStopped;
  }

  /** From here on it is given SQL for this folder. */
  writeInto(folder: string): this {
    this.#give({ folder });
    this.#batches = new Batching((batch) => this.#give(batch, batch.bytes.buffer), this.#spare);
    return this;
  }

  /** A file of this text and a line break at its end; `file` below the folder, with slashes. */
  put(file: string, text: string): void {
    this.#batches!.put(file, text);
  }

  /** There are no more: gives whether all are written, false whatever went wrong. */
  async end(): Promise<boolean> {
    this.#batches!.flush();
    this.#give(null);
    return (await this.#written) === true;
  }

  /** It is not needed any more, whatever it is at. */
  stop(): void {
    this.#isStopped = true;
    void this.#worker.terminate();
  }

  #begin(reading: AheadOf): FoundPaths {
    const paths = findPaths(reading.root);
    this.#give({ ...reading, paths });
    return paths;
  }

  #give(work: Work, ...memory: ArrayBuffer[]): void {
    this.#worker.postMessage(work, memory);
  }
}
