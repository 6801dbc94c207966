import { publishCopy } from "../adapters/duckdb/publish-copy.ts";
import { posixRelative } from "../base/files.ts";
import type { NodeStatus, RunResults } from "../execute/results.ts";
import type { RunEvent } from "../execute/run-event.ts";
import type { OpenProject } from "./open-project.ts";

/** What makes a run no success. */
export const FAILED: ReadonlySet<NodeStatus> = new Set(["error", "fail", "skipped", "partial success"]);

/**
 * Publishes the closed warehouse where the target says `publish`. A run that did not wholly succeed publishes nothing, since its
 * tables may not agree with each other; tests alone change none.
 */
export function publishRun(
  { project: { target, root } }: OpenProject,
  run: Pick<RunResults, "command" | "results">,
  onEvent: (event: RunEvent) => void,
): void {
  if (target.type !== "duckdb" || target.publish === undefined || run.command === "test") return;
  const stays = (why: string): void => {
    const message = `${posixRelative(root, target.publish!)} stays as it was: ${why}`;
    onEvent({ kind: "warning", code: "NOT_PUBLISHED", message, uniqueId: null });
  };
  if (run.results.some(({ status }) => FAILED.has(status))) return stays("the run did not wholly succeed");
  if (publishCopy(target.path, target.publish) === "busy") stays("another process writes to the warehouse");
}
