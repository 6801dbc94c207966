/** Loaded before what is measured: writes what the process has used, once it ends. */
import { writeFileSync } from "node:fs";

process.once("exit", () => {
  writeFileSync(process.env.STATLOOM_BENCH_USAGE, JSON.stringify(process.resourceUsage()));
});
