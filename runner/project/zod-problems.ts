import * as z from "zod";
import { isObject } from "../base/json.ts";
import { didYouMean } from "../base/nearest.ts";
import type { Problem } from "../base/problems.ts";
import type { Path, YamlFile } from "./yaml.ts";

type Issue = z.core.$ZodIssue;

/** What people bring from dbt and what no misspelling is; a key is told of only where no schema knows it. */
const DBT_KEYS: ReadonlySet<string> = new Set([
  ..."semantic_models metrics saved_queries semantic-models saved-queries exposures unit_tests analyses functions".split(
    " ",
  ),
  ..."config-version dispatch flags require-dbt-version clean-targets log-path packages-install-path".split(
    " ",
  ),
  ..."extensions attach plugins secrets filesystems keepalives_idle".split(" "),
  ..."database target_database quoting packages on_configuration_change".split(" "),
]);

/** What dbt calls otherwise, or has left behind. */
const OTHERWISE: Readonly<Record<string, string>> = {
  target_schema: 'it is called "schema" here',
  invalidate_hard_deletes: 'write "hard_deletes: invalidate"',
  quote_columns: "names of columns are always quoted: take it out",
  profile: 'what profiles.yml says stands under "targets" here: take it out',
  pass: 'it is called "password" here',
  "target-path": "it is given on the command line, as --target-path: take it out",
};

function otherwiseOf(key: string, known: readonly string[]): string | undefined {
  if (key === "database" && known.includes("dbname")) return 'it is called "dbname" here';
  if (Object.hasOwn(OTHERWISE, key)) return OTHERWISE[key];
  return /^[a-z]+-paths$/.test(key) ? FOLDERS : undefined;
}

/** `model-paths` and its like. */
const FOLDERS = "folders have fixed names here (models, seeds, snapshots, macros, tests/data): take it out";

/** What a schema found, as problems with their places in `yaml`. `base` is where the checked value stands in the file. */
export function zodProblems(
  error: z.ZodError,
  schema: z.ZodType,
  yaml: YamlFile,
  base: Path = [],
): Problem[] {
  return error.issues.flatMap(plainIssues).flatMap((issue) => issueProblems(issue, schema, yaml, base));
}

/**
 * Of a union that nothing fits, what is wrong in the branch that got furthest, which tells most: a wrong key deep inside beats "expected string". The
 * union itself where none got into the value.
 */
export function plainIssues(issue: Issue): Issue[] {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue];
  const branch = issue.errors.toSorted((a, b) => deepest(b) - deepest(a))[0]!;
  if (deepest(branch) === 0) return [issue];
  return branch.flatMap((inner) => plainIssues({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** In YAML nothing is rendered but hooks, conditions and what else is SQL. */
const NOT_RENDERED =
  "templates are for the config of folders, of nodes and their versions and of tests; elsewhere write it in the file's own config(), without braces: config(schema=target.name, enabled=var('x'))";

function issueProblems(issue: Issue, schema: z.ZodType, yaml: YamlFile, base: Path): Problem[] {
  const path = [...base, ...(issue.path as (string | number)[])];
  const at = yaml.placeOf(path);
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, issue.path, valueAt(yaml.value, path));
    return issue.keys.map((key) => {
      const otherwise = otherwiseOf(key, known);
      if (otherwise !== undefined)
        return problem(yaml.placeOf([...path, key]), "KEY_UNKNOWN", `"${key}" is not known here`, otherwise);
      const hint = knownKeys(schema, [...issue.path, "config"]).includes(key)
        ? `it stands under config: config: {${key}: …}`
        : DBT_KEYS.has(key)
          ? `dbt knows "${key}", this version does not: take it out`
          : (didYouMean(key, known) ?? knownHere(known));
      return problem(yaml.placeOf([...path, key]), "KEY_UNKNOWN", `"${key}" is not known here`, hint);
    });
  }
  const found = valueAt(yaml.value, path);
  if (typeof found === "string" && /\{\{[^]*\}\}/.test(found))
    return [
      problem(at, "VALUE_INVALID", `"${nameOf(path)}" is not rendered and must be plain`, NOT_RENDERED),
    ];
  if (issue.code.startsWith("invalid_") && issue.code !== "invalid_value" && found === undefined) {
    return [problem(at, "KEY_MISSING", `"${nameOf(path)}" is missing`)];
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map((inner) =>
      problem(at, "VALUE_INVALID", `"${nameOf(path)}" ${expectation(inner as Issue)}`),
    );
  }
  if (issue.code === "invalid_union" && issue.errors.length === 0) {
    const known = literalsAt(schema, issue.path);
    return [problem(at, "VALUE_INVALID", oneOf(nameOf(path), known), nearestOf(found, known))];
  }
  if (issue.code === "invalid_union") {
    // What takes values of its type says what is wrong with it; else nothing does.
    const near = issue.errors.filter((branch) => branch.every((inner) => inner.code !== "invalid_type"));
    const told = near.length > 0 ? near : issue.errors;
    const wanted = [...new Set(told.flat().map(expectation))].join(" or ");
    return [problem(at, "VALUE_INVALID", `${called(path)} ${wanted}`, habitOf(wanted, found))];
  }
  if (issue.code === "invalid_value") {
    const known = issue.values.map(String);
    return [problem(at, "VALUE_INVALID", oneOf(nameOf(path), known), nearestOf(found, known))];
  }
  const wanted = expectation(issue);
  return [problem(at, "VALUE_INVALID", `${called(path)} ${wanted}`, habitOf(wanted, found))];
}

/** What is easily written for something else. */
function habitOf(wanted: string, found: unknown): string | undefined {
  if (typeof found !== "string") return undefined;
  const isYes = /^(?:yes|on|true)$/i.test(found);
  if (wanted.includes("true or false") && (isYes || /^(?:no|off|false)$/i.test(found)))
    return `write ${isYes}: ${found} is a text`;
  return wanted === "must be a map" ? `write {name: ${found}}, if that is its name` : undefined;
}

function problem(
  at: Problem | { file: string; line: number; column: number },
  code: string,
  message: string,
  hint?: string,
): Problem {
  return { file: at.file, line: at.line, column: at.column, code, message, ...(hint && { hint }) };
}

/** Nobody reads a long list; who has keys of their own puts them beside each other. */
function knownHere(known: readonly string[]): string | undefined {
  if (known.length > 15) return known.includes("meta") ? "what is your own stands under meta" : undefined;
  return known.length > 0 ? `known here: ${known.join(", ")}` : undefined;
}

const oneOf = (name: string, known: readonly string[]): string =>
  `"${name}" must be one of ${known.map((value) => `"${value}"`).join(", ")}`;

const nearestOf = (found: unknown, known: readonly string[]): string | undefined =>
  typeof found === "string" ? didYouMean(found, known) : undefined;

const deepest = (issues: readonly Issue[]): number =>
  Math.max(...issues.map((issue) => issue.path.length + (issue.code === "unrecognized_keys" ? 1 : 0)));

/** What YAML calls things. */
const KINDS: Readonly<Record<string, string>> = {
  record: "a map",
  object: "a map",
  array: "a list",
  boolean: "true or false",
  string: "text",
  int: "a whole number",
};

function expectation(issue: Issue): string {
  if (issue.code === "invalid_type") return `must be ${KINDS[issue.expected] ?? `a ${issue.expected}`}`;
  if (issue.code === "invalid_value") return `must be one of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "too_small" && !issue.message.startsWith("must"))
    return issue.origin === "string" || issue.origin === "array"
      ? "must not be empty"
      : `must be ${issue.inclusive ? "at least" : "more than"} ${issue.minimum}`;
  if (issue.code === "too_big" && !issue.message.startsWith("must"))
    return `must be at most ${issue.maximum}${issue.origin === "string" ? " characters long" : ""}`;
  return issue.message.startsWith("must")
    ? issue.message
    : issue.message.replace(/^Invalid (?:input|string): /, "");
}

/** How a value is called: one of a list by the list. */
const called = (path: Path): string =>
  `${typeof path.at(-1) === "number" ? "each entry of " : ""}"${nameOf(path)}"`;

/** The last key of a path that is a name: `columns.3.name` is `name`. */
const nameOf = (path: Path): string =>
  String(path.findLast((step) => typeof step === "string") ?? "the file");

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) => (inner as Record<string | number, unknown> | null | undefined)?.[step],
    value,
  );
}

/** The keys a schema knows at `path`, through optionals, unions, records and lists; of unions that a field tells apart, for `value` alone. */
export function knownKeys(schema: z.ZodType, path: readonly PropertyKey[], value?: unknown): string[] {
  const told = (isObject(value) ? value : {}) as Record<string, string>;
  const fits = ([key, inner]: [string, unknown]): boolean =>
    !(inner instanceof z.ZodLiteral) || inner.values.has(told[key] ?? null);
  const objects = schemasAt(schema, path).filter((inner) => inner instanceof z.ZodObject);
  const meant = objects.filter(({ shape }) => Object.entries(shape).every(fits));
  return [...new Set((meant.length > 0 ? meant : objects).flatMap(({ shape }) => Object.keys(shape)))];
}

/** The values that the branches of a union are told apart by. */
const literalsAt = (schema: z.ZodType, path: readonly PropertyKey[]): string[] =>
  schemasAt(schema, path).flatMap((inner) =>
    inner instanceof z.ZodLiteral ? [...inner.values].map(String) : [],
  );

function schemasAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType[] {
  const into = (inner: unknown, steps = path): z.ZodType[] => schemasAt(inner as z.ZodType, steps);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => into(option));
  if (schema instanceof z.ZodPipe) return [schema.in, schema.out].flatMap((side) => into(side));
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return into(schema.unwrap());
  const [step, ...rest] = path;
  if (step === undefined) return [schema];
  if (schema instanceof z.ZodRecord) return into(schema.valueType, rest);
  if (schema instanceof z.ZodArray) return into(schema.element, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  const inner = (schema.shape as Record<string, z.ZodType>)[String(step)];
  return inner ? into(inner, rest) : [];
}
