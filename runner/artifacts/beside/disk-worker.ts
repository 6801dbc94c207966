/** Runs in a thread of its own: reads what it was begun for, then writes SQL until it is told that there is no more. */
import { parentPort, workerData } from "node:worker_threads";
import { memoryOf, readAhead } from "../../project/ahead/read-ahead.ts";
import type { AheadOf } from "../../project/ahead/read-ahead.ts";
import { SqlFolder } from "../sql-folder.ts";
import { filesIn } from "./batches.ts";
import type { Telling, Work } from "./messages.ts";

const port = parentPort!;
const tell = (telling: Telling, memory: ArrayBuffer[] = []): void => port.postMessage(telling, memory);

if (workerData !== null) {
  try {
    for (const part of readAhead(workerData as AheadOf))
      tell("paths" in part ? { found: part } : { texts: part }, memoryOf(part));
  } catch {
    // Whoever reads them himself tells what is wrong.
    tell({ found: undefined, texts: undefined });
  }
}

let folder: SqlFolder | undefined;
port.on("message", (work: Work) => {
  if (work === null) {
    folder!.save();
    tell({ written: true });
    port.close();
  } else if ("folder" in work) folder = new SqlFolder(work.folder);
  else for (const [file, bytes] of filesIn(work)) folder!.put(file, bytes);
});
