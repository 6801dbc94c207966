import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { OperationError, messageOf } from "../base/errors.ts";
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
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw broken(path, error);
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw broken(path, error);
  }
}

const broken = (path: string, cause: unknown): OperationError =>
  new OperationError(
    "ARTIFACT_UNREADABLE",
    `${path} cannot be read: ${messageOf(cause).split("\n").slice(0, 6).join(" ")}`,
    {
      cause,
      hint: "delete the file and run the command that writes it again",
    },
  );
