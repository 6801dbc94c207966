import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../../runner/base/errors.ts";
import { hashFile } from "../hash-file.ts";
import { PiecesUnsound } from "../pieces.ts";
import type { Lane } from "../batch-source.ts";
import type { OpenedLane } from "./open-lane.ts";
import type { ThreadReport, ThreadTask } from "./messages.ts";

/**
 * The work of a thread: does what it is asked, one thing after the other. `laneOf` understands the recipe of its source. The database
 * is loaded once there is nothing else to do.
 */
export function serveThread(laneOf: (recipe: unknown) => Promise<Lane>): void {
  const port = parentPort!;
  const stop = workerData as Int32Array;
  let opened: OpenedLane | undefined;
  const work = async (task: ThreadTask): Promise<ThreadReport> => {
    if (task.kind === "hash") return { kind: "hash", sha256: await hashFile(task.path) };
    if (task.kind === "piece") return { kind: "piece", done: await opened!.write(task.piece, task.path) };
    opened?.close();
    opened = undefined;
    if (task.orders !== null) {
      const { openLane } = await import("./open-lane.ts");
      opened = await openLane(await laneOf(task.orders.recipe), task.orders, stop);
    }
    return { kind: "lane" };
  };
  port.on("message", (task: ThreadTask) => {
    work(task).then(
      (report) => {
        port.postMessage(report);
        if (task.kind === "hash") void import("./open-lane.ts");
      },
      (error) => {
        const report: ThreadReport = {
          kind: "failed",
          unsound: error instanceof PiecesUnsound,
          message: messageOf(error),
        };
        port.postMessage(report);
      },
    );
  });
}
