import { closeSync, openSync, writeSync } from "node:fs";
import type { JsonObject } from "../../runner/base/json.ts";

/** `rejected.ndjson`: what could not be landed and why, a line each. The file comes to be with the first of them. */
export type RejectedLog = {
  readonly count: () => number;
  /** The first few reasons, for a message. */
  readonly examples: () => readonly JsonObject[];
  add(rejected: JsonObject): void;
  close(): void;
};

export function openRejectedLog(path: string): RejectedLog {
  let handle: number | undefined;
  let count = 0;
  let waiting: string[] = [];
  const examples: JsonObject[] = [];
  const flush = (): void => {
    if (waiting.length === 0) return;
    handle ??= openSync(path, "wx");
    const bytes = Buffer.from(waiting.join(""));
    waiting = [];
    for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
  };
  return {
    count: () => count,
    examples: () => examples,
    add(rejected) {
      count++;
      if (examples.length < 3) examples.push(rejected);
      waiting.push(`${JSON.stringify(rejected)}\n`);
      if (waiting.length >= 1000) flush();
    },
    close() {
      flush();
      if (handle !== undefined) closeSync(handle);
      handle = undefined;
    },
  };
}
