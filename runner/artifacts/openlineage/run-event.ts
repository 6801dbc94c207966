import type { Json, JsonObject } from "../../base/json.ts";
import { facet, producer } from "./facets.ts";
import type { DatasetName } from "./datasets.ts";

export type EventType = "START" | "COMPLETE" | "FAIL" | "ABORT";
export type RunName = { readonly runId: string; readonly namespace: string; readonly name: string };
export type LineageDataset = DatasetName & { readonly facets?: JsonObject } & (
    | { readonly inputFacets?: JsonObject }
    | { readonly outputFacets?: JsonObject }
  );

export type RunFacts = {
  readonly eventType: EventType;
  /** ISO 8601 in UTC. */
  readonly eventTime: string;
  readonly run: RunName;
  /** The run that this one is part of, and the outermost one. */
  readonly parent: RunName | null;
  readonly root: RunName | null;
  /** `COMMAND`, `MODEL`, `TEST` … */
  readonly jobType: string;
  readonly description?: string;
  readonly sql?: string | null;
  readonly dialect?: string;
  /** Of a run that failed. */
  readonly error?: string | null;
  readonly inputs?: readonly LineageDataset[];
  readonly outputs?: readonly LineageDataset[];
};

/** An OpenLineage RunEvent, version 2-0-2 of its schema: https://openlineage.io/spec/2-0-2/OpenLineage.json. */
export function runEvent(facts: RunFacts, version: string): JsonObject {
  const { eventType, eventTime, run, parent, root, sql, dialect, error, description } = facts;
  const named = ({ runId, namespace, name }: RunName): JsonObject => ({
    run: { runId },
    job: { namespace, name },
  });
  return {
    eventType,
    eventTime,
    producer: producer(),
    schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    run: {
      runId: run.runId,
      facets: {
        ...(parent && { parent: facet("parent", { ...named(parent), ...(root && { root: named(root) }) }) }),
        processing_engine: facet("processing_engine", {
          name: "Statloom",
          version,
          openlineageAdapterVersion: version,
        }),
        ...(typeof error === "string" && {
          errorMessage: facet("errorMessage", { message: error, programmingLanguage: "SQL" }),
        }),
      },
    },
    job: {
      namespace: run.namespace,
      name: run.name,
      facets: {
        jobType: facet("jobType", {
          processingType: "BATCH",
          integration: "STATLOOM",
          jobType: facts.jobType,
        }),
        ...(description && { documentation: facet("documentation", { description }) }),
        ...(sql && { sql: facet("sql", { query: sql, ...(dialect !== undefined && { dialect }) }) }),
      },
    },
    inputs: (facts.inputs ?? []) as unknown as Json,
    outputs: (facts.outputs ?? []) as unknown as Json,
  };
}
