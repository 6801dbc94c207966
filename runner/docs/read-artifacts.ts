import { join } from "node:path";
import type { z } from "zod";
import { OperationError, messageOf } from "../base/errors.ts";
import { readIfThere } from "../base/files.ts";
import { catalogSchema, freshnessSchema, manifestSchema, runResultsSchema } from "./artifact-schemas.ts";
import type { SiteArtifacts } from "./artifact-schemas.ts";

/** Reads what the target folder holds. A manifest must be there; a file that cannot be read is an OperationError. */
export function readArtifacts(targetFolder: string): Omit<SiteArtifacts, "observed" | "lineage" | "explore"> {
  const manifest = readArtifact(join(targetFolder, "manifest.json"), manifestSchema);
  if (manifest === null) {
    throw new OperationError("ARTIFACT_MISSING", `there is no manifest.json in ${targetFolder}`, {
      hint: "run `models build` or `models compile` first: they write it",
    });
  }
  return {
    manifest,
    catalog: readArtifact(join(targetFolder, "catalog.json"), catalogSchema),
    runResults: readArtifact(join(targetFolder, "run_results.json"), runResultsSchema),
    freshness: readArtifact(join(targetFolder, "sources.json"), freshnessSchema),
  };
}

function readArtifact<T>(path: string, schema: z.ZodType<T>): T | null {
  const text = readIfThere(path);
  if (text === undefined) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw broken(path, messageOf(error), error);
  }
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data as T;
  const { path: at, message } = error.issues[0]!;
  throw broken(path, `${at.length === 0 ? "it" : at.join(".")}: ${message}`, error);
}

const broken = (path: string, why: string, cause: unknown): OperationError =>
  new OperationError("ARTIFACT_UNREADABLE", `${path} cannot be read: ${why}`, {
    cause,
    hint: "delete the file and run the command that writes it again",
  });
