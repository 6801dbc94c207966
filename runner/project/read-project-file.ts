import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as z from "zod";
import { ProjectError, UsageError, throwProblems } from "../base/errors.ts";
import { diskError } from "../base/files.ts";
import { isObject } from "../base/json.ts";
import { didYouMean } from "../base/nearest.ts";
import type { Place, Problem } from "../base/problems.ts";
import { cronProblems } from "./cron-problems.ts";
import { expandEnv, holdsUnset } from "./expand-env.ts";
import { readFolders } from "./folder-configs.ts";
import { PROJECT_FILES, projectFileIn } from "./find-project.ts";
import { postgresTarget } from "./postgres-target.ts";
import { projectFileSchema, targetSchema } from "./project-schema.ts";
import type { ProjectFile } from "./project-schema.ts";
import type { Target } from "./types.ts";
import { parseYaml } from "./yaml.ts";
import type { YamlFile } from "./yaml.ts";
import { zodProblems } from "./zod-problems.ts";

export type ProjectFileOptions = {
  /** `--target`; else the file's own default. */
  readonly target?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
};

export type ReadProjectFile = {
  readonly data: ProjectFile;
  readonly target: Target;
  readonly landing: string;
  readonly yaml: YamlFile;
};

/** Reads and checks `sql_project.yaml` alone; throws every mistake of it at once. */
export async function readProjectFile(root: string, options: ProjectFileOptions): Promise<ReadProjectFile> {
  const file = projectFileIn(root) ?? PROJECT_FILES[0];
  let text;
  try {
    text = readFileSync(join(root, file), "utf8");
  } catch (error) {
    throw diskError(`cannot read ${join(root, file)}`, error);
  }
  const yaml = parseYaml(file, text);
  throwProblems(yaml.problems);
  if (!isObject(yaml.value)) {
    throw new ProjectError([
      {
        file,
        line: 1,
        column: 1,
        code: "PROJECT_EMPTY",
        message: "the project file says nothing",
        hint: "it needs at least name, target and targets",
      },
    ]);
  }
  const whole = withTarget(yaml.value, options.env, yaml);
  const expanded = expandEnv(onlyTarget(whole, options.target), options.env, yaml);
  // What is read once is not worth the code that zod would write for it.
  const parsed = projectFileSchema.safeParse(expanded.value, { jitless: true });
  const problems: Problem[] = [
    ...expanded.problems,
    ...(parsed.success
      ? []
      : zodProblems(parsed.error, projectFileSchema, { ...yaml, value: expanded.value })),
  ];
  // What folders are told is read on its own, and its mistakes are told with the others.
  const ofFolders = (): Problem[] => {
    const file = expanded.value as Readonly<Record<string, unknown>>;
    const name = typeof file["name"] === "string" ? file["name"] : "";
    // Templates cannot be rendered without a sound target.
    return readFolders(file, name, yaml, () => ({ problems: [] })).problems;
  };
  const { target: meant } = whole;
  problems.push(...otherTargets(yaml, options.target ?? meant));
  if (!parsed.success) {
    const known = knownTargets(yaml);
    const isUnknown =
      options.target === undefined &&
      typeof meant === "string" &&
      !holdsUnset(meant) &&
      !known.includes(meant);
    if (isUnknown && known.length > 0) problems.push(unknownTarget(yaml, meant));
    throw new ProjectError([...problems, ...ofFolders()]);
  }
  const data = parsed.data;
  problems.push(...(await cronProblems(data, yaml)));
  const target = pickTarget(data, options, root, yaml, problems);
  const landing = resolve(root, data.targets[target.name]?.landing ?? data.ingest.landing);
  if (problems.length > 0) throw new ProjectError([...problems, ...ofFolders()]);
  return { data, target, landing, yaml };
}

/** Keys and types of the targets that are not used; values may hang on variables that are not set here. */
function otherTargets(yaml: YamlFile, target: unknown): Problem[] {
  const { targets } = yaml.value as Record<string, unknown>;
  if (!isObject(targets)) return [];
  const chosen = String(target);
  return Object.entries(targets).flatMap(([name, one]) => {
    // Where the one that is used is not there, all have been looked at.
    if (name === chosen || !Object.hasOwn(targets, chosen)) return [];
    const { error } = targetSchema.safeParse(one);
    const ofShape = error?.issues.filter(
      (issue) =>
        issue.code === "unrecognized_keys" || (issue.code === "invalid_union" && issue.errors.length === 0),
    );
    if (!error || !ofShape || ofShape.length === 0) return [];
    const shape = new z.ZodError(ofShape);
    return zodProblems(shape, targetSchema, yaml, ["targets", name]);
  });
}

/** Which target is meant may hang on the environment itself; what is missing there is told with the rest. */
function withTarget(
  value: Record<string, unknown>,
  env: ProjectFileOptions["env"],
  yaml: YamlFile,
): Record<string, unknown> {
  return { ...value, target: expandEnv(value["target"], env, yaml).value };
}

/** The other targets' variables need not be set here. */
function onlyTarget(value: Record<string, unknown>, named: string | undefined): Record<string, unknown> {
  const chosen = named ?? value["target"];
  if (holdsUnset(chosen)) return { ...value, targets: {} };
  if (!isObject(value["targets"]) || typeof chosen !== "string" || !Object.hasOwn(value["targets"], chosen))
    return value;
  return { ...value, targets: { [chosen]: value["targets"][chosen] } };
}

const knownTargets = ({ value }: YamlFile): readonly string[] =>
  isObject(value) && isObject(value["targets"]) ? Object.keys(value["targets"]) : [];

const targetHint = (name: string, known: readonly string[]): string =>
  didYouMean(name, known) ?? `known targets: ${known.join(", ")}`;

const unknownTarget = (yaml: YamlFile, name: string): Problem => ({
  ...placeOf(yaml, ["target"]),
  code: "TARGET_UNKNOWN",
  message: `"${name}" is not among the targets`,
  hint: targetHint(name, knownTargets(yaml)),
});

function pickTarget(
  data: ProjectFile,
  { target: named, env }: ProjectFileOptions,
  root: string,
  yaml: YamlFile,
  problems: Problem[],
): Target {
  const name = named ?? data.target;
  const found = Object.hasOwn(data.targets, name) ? data.targets[name] : undefined;
  if (!found) {
    if (named !== undefined)
      throw new UsageError(
        "TARGET_UNKNOWN",
        `the project has no target "${named}"`,
        targetHint(named, knownTargets(yaml)),
      );
    if (!holdsUnset(name)) problems.push(unknownTarget(yaml, name));
    return { type: "duckdb", name, path: ":memory:", schema: "main", threads: 1, settings: {} };
  }
  if (found.type === "postgres") {
    const read = postgresTarget(name, found, root, env);
    problems.push(
      ...read.mistakes
        .filter(({ key }) => !holdsUnset(found[key as keyof typeof found]))
        .map(({ key, ...mistake }) => ({
          ...placeOf(yaml, ["targets", name, key]),
          code: "TARGET_INVALID",
          ...mistake,
        })),
    );
    return read.target;
  }
  const { landing: _, path, publish, ...rest } = found;
  const target = { ...rest, name, path: path === ":memory:" ? path : resolve(root, path) };
  if (publish === undefined) return target;
  const published = resolve(root, publish);
  if (path === ":memory:" || published === target.path) {
    const { file, line, column } = yaml.placeOf(["targets", name, "publish"]);
    const message =
      path === ":memory:" ? "a warehouse in memory cannot be published" : "publish is the warehouse itself";
    const hint = "path and publish name two files: {path: data/w.duckdb, publish: data/published.duckdb}";
    problems.push({ file, line, column, code: "PUBLISH_INVALID", message, hint });
  }
  return { ...target, publish: published };
}

function placeOf(yaml: YamlFile, path: readonly string[]): Place {
  const { file, line, column } = yaml.placeOf(path);
  return { file, line, column };
}
