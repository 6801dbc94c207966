import type { JsonObject } from "../base/json.ts";
import type { RunFacts } from "../execute/results.ts";
import { metadataOf } from "./metadata.ts";
import type { Invocation } from "./metadata.ts";

/** What is of one run, before and after the entries of its nodes. */
export function runResultsFrame(
  run: RunFacts,
  env: Invocation["env"],
): { readonly before: JsonObject; readonly after: JsonObject } {
  return {
    before: { metadata: metadataOf("run-results", { ...run, env }) },
    after: { elapsed_time: run.elapsedTime, args: { ...run.args, which: run.command } },
  };
}

/** The same as JSON: between the two stand entries with commas between them. */
export function runResultsEnds(run: RunFacts, env: Invocation["env"]): readonly [head: string, tail: string] {
  const { before, after } = runResultsFrame(run, env);
  return [`${JSON.stringify(before).slice(0, -1)},"results":[`, `],${JSON.stringify(after).slice(1)}`];
}
