import { resolve } from "node:path";
import { readStateFile, resultsOf } from "../artifacts/state/read-state.ts";
import type { Entry } from "../artifacts/state/read-state.ts";
import { resolveInside } from "../base/files.ts";
import { UsageError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import { findProject } from "../project/find-project.ts";
import type { BuildCommand } from "./build-options.ts";
import { readJournal } from "./run-journal.ts";

/** What an earlier run left to do: its command, what it was told, the nodes that did not succeed. */
export type Unfinished = {
  readonly command: BuildCommand;
  /** As in `run_results.json`: `full_refresh`, `target`, `vars` … */
  readonly args: Entry;
  readonly ids: ReadonlySet<string>;
  /** Hooks of the whole run that failed: they run again with a run alone. */
  readonly failedHooks: readonly string[];
  /** Batches that were built, ends by starts, of microbatch models that were not built whole. */
  readonly builtBatches: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The run was killed: it did not write what became of it. */
  readonly wasKilled: boolean;
};

const COMMANDS: readonly BuildCommand[] = ["build", "run", "test", "seed", "snapshot"];
const SUCCEEDED: ReadonlySet<unknown> = new Set(["success", "pass", "warn", "reused", "no-op"]);

export type RetryFrom = {
  readonly cwd: string;
  readonly projectDir?: string | undefined;
  readonly targetPath?: string | undefined;
  /** Folder of the run's artifacts, relative to `cwd`; else the project's own. */
  readonly state?: string | undefined;
};

/** Reads what the last run, or the one that `state` holds, left to do. */
export function readUnfinished({ cwd, projectDir, targetPath = "target", state }: RetryFrom): Unfinished {
  const named = state ?? targetPath;
  const folder =
    state === undefined ? resolveInside(findProject(cwd, projectDir), targetPath) : resolve(cwd, state);
  const killed = state === undefined && folder !== undefined ? readJournal(folder) : null;
  if (killed?.isAlive)
    throw new UsageError(
      "RUN_UNDER_WAY",
      "the last run is still under way",
      "wait for its end, or stop it: retry takes up what it leaves",
    );
  const results =
    folder === undefined ? null : (killed?.results ?? readStateFile(folder, named, "run_results.json"));
  if (results === null) {
    throw new UsageError(
      "RETRY_NOTHING",
      `there is no run_results.json in "${named}"`,
      "retry takes up a run of build, run, test, seed or snapshot: make one first, or name its folder with --state",
    );
  }
  const args: Entry = isObject(results["args"]) ? results["args"] : {};
  const command = COMMANDS.find((name) => name === args["which"]);
  if (command === undefined) {
    const message = `the last run was of ${JSON.stringify(args["which"] ?? null)}, which cannot be taken up again`;
    throw new UsageError("RETRY_NOTHING", message, `retry takes up runs of ${COMMANDS.join(", ")}`);
  }
  const open = resultsOf(results).filter(({ status }) => !SUCCEEDED.has(status));
  const left = open.filter((entry) => !idOf(entry).startsWith("operation."));
  return {
    command,
    args,
    ids: new Set(left.map(idOf)),
    failedHooks: open.filter((entry) => !left.includes(entry)).map(idOf),
    builtBatches: new Map(left.map((entry) => [idOf(entry), builtIn(entry)])),
    wasKilled: killed !== null,
  };
}

const idOf = ({ unique_id: id }: Entry): string => (typeof id === "string" ? id : "");

function builtIn({ batch_results: batches }: Entry): Map<string, string> {
  const built = isObject(batches) ? batches["successful"] : undefined;
  const spans: readonly (readonly unknown[])[] = Array.isArray(built) ? built : [];
  return new Map(spans.map(([start, end]) => [String(start), String(end)]));
}
