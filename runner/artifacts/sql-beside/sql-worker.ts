/** Runs in a thread of its own: writes batches of SQL files until it is told that there are no more, and tells when all is written. */
import { parentPort, workerData } from "node:worker_threads";
import { SqlFolder } from "../sql-folder.ts";
import { filesIn } from "./batches.ts";
import type { SqlBatch } from "./batches.ts";

const folder = new SqlFolder(workerData as string);
parentPort!.on("message", (batch: SqlBatch | null) => {
  if (batch !== null) {
    for (const [file, bytes] of filesIn(batch)) folder.put(file, bytes);
    return;
  }
  folder.save();
  parentPort!.postMessage("written");
  parentPort!.close();
});
