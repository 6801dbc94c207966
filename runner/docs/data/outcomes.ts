import type { RunResultsFile, SiteArtifacts } from "../artifact-schemas.ts";
import type { Outcome, Status } from "./types.ts";

export const notRun: Outcome = { status: "none", word: "", message: "", seconds: null, rows: null };

const statuses: Readonly<Record<string, Status>> = {
  success: "good",
  pass: "good",
  "no-op": "good",
  reused: "good",
  warn: "warn",
  "partial success": "bad",
  fail: "bad",
  error: "bad",
  "runtime error": "bad",
  skipped: "skipped",
};
/** Of a word in run results, freshness results, or the history. */
export const statusOf = (word: string): Status => statuses[word] ?? "none";

const order: readonly Status[] = ["none", "good", "skipped", "warn", "bad"];
export const worst = (all: Iterable<Status>): Status =>
  order[Math.max(0, ...Array.from(all, (status) => order.indexOf(status)))]!;

/** Rows that tests found in the last run, by id. */
export const failuresOf = ({ runResults }: SiteArtifacts): ReadonlyMap<string, number> =>
  new Map(
    (runResults?.results ?? []).flatMap(({ unique_id: id, failures }) => (failures ? [[id, failures]] : [])),
  );

/** What the last run made of nodes and tests; of sources how old they are. */
export function outcomesOf({ runResults, freshness }: SiteArtifacts): ReadonlyMap<string, Outcome> {
  const ofRun = (runResults?.results ?? []).map((result) => [result.unique_id, outcomeOf(result)] as const);
  const ofSources = (freshness?.results ?? []).map((result) => {
    const message = result.max_loaded_at
      ? `newest load ${result.max_loaded_at}`
      : typeof result.error === "string"
        ? result.error
        : "";
    const status = statusOf(result.status);
    return [result.unique_id, { ...notRun, status, word: `freshness: ${result.status}`, message }] as const;
  });
  return new Map<string, Outcome>([...ofRun, ...ofSources]);
}

const outcomeOf = (result: RunResultsFile["results"][number]): Outcome => ({
  status: statusOf(result.status),
  word: result.status === "no-op" ? "as it was" : result.status,
  message: result.message ?? "",
  seconds: result.execution_time,
  rows: result.adapter_response.rows_affected ?? null,
});
