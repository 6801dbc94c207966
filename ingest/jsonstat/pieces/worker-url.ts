import { threadModule } from "../../../runner/base/thread-module.ts";

/** The module that lands pieces in a thread of its own. */
export const laneWorker = (): URL => threadModule("lane-worker", import.meta.url);
