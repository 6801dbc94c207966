import { threadModule } from "../../base/thread-module.ts";

/** The module that writes SQL in a thread of its own. */
export const sqlWorker = (): URL => threadModule("sql-worker", import.meta.url);
