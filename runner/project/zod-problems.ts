import { z } from "zod";
import { didYouMean } from "../base/nearest.ts";
import type { Problem } from "../base/problems.ts";
import type { Path, YamlFile } from "./yaml.ts";

type Issue = z.core.$ZodIssue;

/** What a schema found, as problems with their places in `yaml`. `base` is where the checked value stands in the file. */
export function zodProblems(
  error: z.ZodError,
  schema: z.ZodType,
  yaml: YamlFile,
  base: Path = [],
): Problem[] {
  return error.issues.flatMap((issue) => issueProblems(issue, schema, yaml, base));
}

function issueProblems(issue: Issue, schema: z.ZodType, yaml: YamlFile, base: Path): Problem[] {
  const path = [...base, ...(issue.path as (string | number)[])];
  const at = yaml.placeOf(path);
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, issue.path);
    return issue.keys.map((key) => {
      const hint =
        didYouMean(key, known) ?? (known.length > 0 ? `known here: ${known.join(", ")}` : undefined);
      return problem(yaml.placeOf([...path, key]), "KEY_UNKNOWN", `"${key}" is not known here`, hint);
    });
  }
  if (issue.code === "invalid_union") {
    // The branch that got furthest tells most: a wrong key deep inside beats "expected string".
    const branches = issue.errors.toSorted((a, b) => deepest(b) - deepest(a));
    const branch = branches[0];
    if (branch && deepest(branch) > 0) {
      return branch.flatMap((inner) =>
        issueProblems({ ...inner, path: [...issue.path, ...inner.path] }, schema, yaml, base),
      );
    }
    const wanted = [...new Set(issue.errors.flat().map(expectation))].join(" or ");
    return [problem(at, "VALUE_INVALID", `"${nameOf(path)}" ${wanted}`)];
  }
  if (issue.code === "invalid_value") {
    const known = issue.values.map(String);
    const found = valueAt(yaml.value, path);
    const near = typeof found === "string" ? didYouMean(found, known) : undefined;
    const message = `"${nameOf(path)}" must be one of ${known.map((value) => `"${value}"`).join(", ")}`;
    return [problem(at, "VALUE_INVALID", message, near)];
  }
  if (issue.code === "invalid_type" && valueAt(yaml.value, path) === undefined) {
    return [problem(at, "KEY_MISSING", `"${nameOf(path)}" is missing`)];
  }
  return [problem(at, "VALUE_INVALID", `"${nameOf(path)}" ${expectation(issue)}`)];
}

function problem(
  at: Problem | { file: string; line: number; column: number },
  code: string,
  message: string,
  hint?: string,
): Problem {
  return { file: at.file, line: at.line, column: at.column, code, message, ...(hint && { hint }) };
}

const deepest = (issues: readonly Issue[]): number =>
  Math.max(...issues.map((issue) => issue.path.length + (issue.code === "unrecognized_keys" ? 1 : 0)));

function expectation(issue: Issue): string {
  if (issue.code === "invalid_type")
    return `must be a ${issue.expected === "record" ? "map" : issue.expected}`;
  if (issue.code === "invalid_value") return `must be one of ${issue.values.map(String).join(", ")}`;
  return issue.message.startsWith("must")
    ? issue.message
    : issue.message.replace(/^Invalid (?:input|string): /, "");
}

/** The last key of a path that is a name: `columns.3.name` is `name`. */
const nameOf = (path: Path): string =>
  String(path.findLast((step) => typeof step === "string") ?? "the file");

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) => (inner as Record<string | number, unknown> | null | undefined)?.[step],
    value,
  );
}

/** The keys a schema knows at `path`, through optionals, unions, records and lists. */
export function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const [step, ...rest] = path;
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Record<string, z.ZodType>;
    if (step === undefined) return Object.keys(shape);
    const inner = shape[String(step)];
    return inner ? knownKeys(inner, rest) : [];
  }
  if (schema instanceof z.ZodRecord)
    return step === undefined ? [] : knownKeys(schema.valueType as z.ZodType, rest);
  if (schema instanceof z.ZodArray)
    return step === undefined ? [] : knownKeys(schema.element as z.ZodType, rest);
  if (schema instanceof z.ZodUnion)
    return schema.options.flatMap((option) => knownKeys(option as z.ZodType, path));
  if (schema instanceof z.ZodPipe) {
    return [schema.in, schema.out].flatMap((side) => knownKeys(side as z.ZodType, path));
  }
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return knownKeys(schema.unwrap() as z.ZodType, path);
  }
  return [];
}
