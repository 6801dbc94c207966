import type { DiskThread } from "../artifacts/beside/disk-thread.ts";
import type { Effects } from "../base/effects.ts";
import { UsageError } from "../base/errors.ts";
import { inlineLess } from "../base/inline-less.ts";
import { isObject } from "../base/json.ts";
import type { JsonObject } from "../base/json.ts";
import { alertBrokenRun } from "../api/alert-run.ts";
import { obeyPolicy, warnOnly } from "../base/warning-policy.ts";
import type { WarningPolicy } from "../base/warning-policy.ts";
import { openProject } from "../api/open-project.ts";
import type { OpenOptions, OpenProject } from "../api/open-project.ts";
import { deprecations } from "../graph/deprecations.ts";
import { unusedFolderWarnings } from "../graph/unused-folders.ts";
import { parseYaml } from "../project/yaml.ts";
import type { DeferArgs, GlobalArgs } from "./options.ts";
import { warn } from "./print/warn.ts";

/** The project that the options name; what is deprecated in it, or holds for nothing, is told. */
export async function openFrom(
  args: GlobalArgs & DeferArgs,
  effects: Effects,
  disk?: DiskThread,
): Promise<OpenProject> {
  inlineLess();
  const open = await openProject({ ...openOptions(args), disk }, effects);
  const { graph } = open.parsed;
  const found = [...unusedFolderWarnings(graph), ...deprecations(graph, effects.now().getTime())];
  warn(effects, obeyPolicy(open.warnings, found), args);
  return open;
}

export const openOptions = (args: GlobalArgs & DeferArgs): OpenOptions => ({
  projectDir: args["project-dir"],
  target: args.target,
  vars: args.vars === undefined ? undefined : readMap("--vars", args.vars),
  targetPath: args["target-path"],
  state: args.state,
  defer: args.defer
    ? {
        favorState: args["favor-state"] ?? false,
        state: args["defer-state"],
        target: args["defer-target"],
      }
    : undefined,
  introspect: args.introspect,
  cache: args["partial-parse"],
  warnings: warningPolicy(args),
});

/** Runs a command that people are told of when it comes to nothing, whatever the reason; the reason is thrown again. */
export async function withAlerts<T>(
  command: string,
  args: GlobalArgs,
  effects: Effects,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    await alertBrokenRun(openOptions(args), effects, command, error, (event) => {
      if (event.kind === "warning") warn(effects, [event], args);
    });
    throw error;
  }
}

/** `--vars` and `--args`, as in dbt: YAML, which JSON is too. */
export function readMap(option: "--vars" | "--args" | "--warn-error-options", text: string): JsonObject {
  const { value, problems } = parseYaml(option, text);
  if (problems.length === 0 && isObject(value)) return value as JsonObject;
  throw new UsageError(
    `${option.slice(2).replaceAll("-", "_").toUpperCase()}_INVALID`,
    problems[0]?.message ?? `${option} must be a map, found ${JSON.stringify(value)}`,
    `write ${option} '{name: value}'`,
  );
}

const WARNING_LISTS = ["error", "warn", "silence"] as const;

/** `--warn-error` and `--warn-error-options`; dbt's older words `include` and `exclude` mean error and warn. */
function warningPolicy(args: GlobalArgs): WarningPolicy {
  const text = args["warn-error-options"];
  if (text === undefined) return args["warn-error"] ? { ...warnOnly, error: "all" } : warnOnly;
  const given = readMap("--warn-error-options", text);
  const spelt = new Map(
    Object.entries(given).map(([key, value]) => [{ include: "error", exclude: "warn" }[key] ?? key, value]),
  );
  const lists = WARNING_LISTS.map((name) => {
    const value = spelt.get(name) ?? (name === "error" && args["warn-error"] ? "all" : []);
    spelt.delete(name);
    if (name === "error" && (value === "all" || value === "*")) return "all";
    if (Array.isArray(value) && value.every((code) => typeof code === "string")) return value as string[];
    throw new UsageError("WARN_ERROR_OPTIONS_INVALID", `"${name}" must be a list of codes`, WARNING_HINT);
  });
  const [unknown] = spelt.keys();
  if (unknown !== undefined)
    throw new UsageError("WARN_ERROR_OPTIONS_INVALID", `"${unknown}" is not known here`, WARNING_HINT);
  const [error, warn, silence] = lists as [WarningPolicy["error"], string[], string[]];
  return { error, warn, silence };
}

const WARNING_HINT = "write --warn-error-options '{error: all, warn: [CODE], silence: [CODE]}'";
