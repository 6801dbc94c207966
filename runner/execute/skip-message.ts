import type { SkipReason } from "./schedule.ts";

/** Why a node was not started, as a person is told. */
export function skipMessage(reason: SkipReason): string {
  switch (reason.kind) {
    case "failed":
      return `skipped because ${reason.because} failed`;
    case "fail-fast":
      return `skipped by --fail-fast after ${reason.because} failed`;
    case "hook":
      return "skipped because an on-run-start hook failed";
    case "cancelled":
      return "skipped because the run was cancelled";
  }
}
