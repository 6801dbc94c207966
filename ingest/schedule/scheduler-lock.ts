import { join } from "node:path";
import { OperationError } from "../../runner/base/errors.ts";
import { makeFolder } from "../../runner/base/files.ts";
import { withDatasetLock } from "../landing/dataset-lock.ts";
import { stateFolder } from "../state/paths.ts";
import { readScheduleState } from "./schedule-state.ts";

/** Where the lock of the scheduler lies; one for a landing zone. */
export const schedulerFolder = (landing: string): string => join(stateFolder(landing), "_scheduler");

/** Runs `body` as the only scheduler of a landing zone; one left by a process that is gone is taken over. */
export async function asOnlyScheduler<T>(landing: string, body: () => Promise<T>): Promise<T> {
  const folder = schedulerFolder(landing);
  makeFolder(folder);
  let isHeld = false;
  try {
    return await withDatasetLock(
      folder,
      () => {
        isHeld = true;
        return body();
      },
      0,
    );
  } catch (error) {
    if (isHeld || !(error instanceof OperationError) || error.code !== "DATASET_BUSY") throw error;
    const { running } = readScheduleState(landing);
    const who = running ? `: process ${running.pid} on ${running.host}, since ${running.since}` : "";
    throw new OperationError("SCHEDULER_RUNNING", `another scheduler is at work on ${landing}${who}`, {
      hint: `stop it first; if there is none, remove ${join(folder, ".lock")}`,
      cause: error,
    });
  }
}
