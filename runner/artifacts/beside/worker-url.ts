import { threadModule } from "../../base/thread-module.ts";

/** The module that reads and writes files in a thread of its own. */
export const diskWorker = (): URL => threadModule("disk-worker", import.meta.url, ".cjs");
