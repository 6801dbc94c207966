import type { z } from "zod";
import { parseJson } from "../../runner/base/json.ts";
import { OperationError } from "../../runner/base/errors.ts";
import { readIfThere } from "../../runner/base/files.ts";

/** A file of ours, checked; undefined where there is none. One that cannot be trusted is an error: guessing would fetch twice or never. */
export function readStateFile<T>(path: string, schema: z.ZodType<T>): T | undefined {
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  const value = parseJson(text);
  if (value === undefined) throw invalid(path, "it is not JSON");
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(
    path,
    issue === undefined ? "it is not as expected" : `"${issue.path.join(".")}" ${issue.message}`,
  );
}

const invalid = (path: string, why: string): OperationError =>
  new OperationError("STATE_INVALID", `${path} cannot be trusted: ${why}`, {
    hint: "restore it from a copy, or remove it: what has landed stays, and the next sync compares anew",
  });
