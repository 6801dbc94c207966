import type { z } from "zod";
import { ProjectError, messageOf } from "../base/errors.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { placeAt } from "../base/problems.ts";
import type { Problem } from "../base/problems.ts";
import { Recent } from "../base/recent.ts";
import { zodProblems } from "../project/zod-problems.ts";
import type { Analysis, Argument, CallSite, Template } from "../template/types.ts";
import { literalOf } from "../template/literal-of.ts";
import { evaluateArguments } from "./evaluate.ts";
import { report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** Of files that say nothing of their configuration. */
export const noCall: JsonObject = {};

/** All that a file's own calls say, the later over the earlier. */
export const callOf = (calls: readonly object[]): JsonObject =>
  calls.length < 2
    ? ((calls[0] as JsonObject | undefined) ?? noCall)
    : (Object.assign({}, ...calls) as JsonObject);

/**
 * What calls came to: files say the same over and over, and a schema takes a hundred times as long to tell. A tag that is written in many files is
 * one, so that arguments without variables are known by themselves; others by the JSON of what they come to.
 */
class Known {
  readonly ofArguments = new WeakMap<readonly Argument[], object>();
  readonly ofValues = new Recent<object>(500);
}
const known = new WeakMap<z.ZodType, Known>();

function knownOf(schema: z.ZodType): Known {
  let found = known.get(schema);
  if (found === undefined) known.set(schema, (found = new Known()));
  return found;
}

/** Files without a call share one empty list. */
const none: readonly never[] = [];

/** The file's `config(…)` calls in order; arguments may use vars and environment variables. */
export function inFileConfigs<Config extends object>(
  workshop: Workshop,
  template: Template,
  analysis: Analysis,
  schema: z.ZodType<Config>,
): readonly Config[] {
  let configs: Config[] | undefined;
  for (const site of analysis.calls) {
    if (site.name !== "config") continue;
    const config = readConfig(workshop, template, site, schema);
    if (config !== undefined) (configs ??= []).push(config);
  }
  return configs ?? none;
}

/** undefined: something is wrong, and told. */
function readConfig<Config extends object>(
  workshop: Workshop,
  template: Template,
  site: CallSite,
  schema: z.ZodType<Config>,
): Config | undefined {
  const { ofArguments, ofValues } = knownOf(schema);
  const same = ofArguments.get(site.args);
  if (same !== undefined) return same as Config;
  let value: Record<string, Json>;
  try {
    value = evaluateArguments(workshop, template, site);
  } catch (error) {
    if (error instanceof ProjectError) tell(workshop, site, error.problems);
    else report(workshop, site.place, "CONFIG_INVALID", messageOf(error));
    return undefined;
  }
  const key = JSON.stringify(value);
  const found = ofValues.get(key) as Config | undefined;
  const parsed = found === undefined ? schema.safeParse(value) : { success: true as const, data: found };
  if (parsed.success) {
    ofValues.set(key, parsed.data);
    if (site.args.every(isLiteral)) ofArguments.set(site.args, parsed.data);
    return parsed.data;
  }
  const offsets = new Map(site.args.map((argument) => [argument.name, argument.at]));
  const placeOf = (path: readonly (string | number)[]) => {
    const at = site.viaMacro === null ? offsets.get(String(path[0])) : undefined;
    return at === undefined ? site.place : placeAt(template.file, template.text, site.at + at);
  };
  workshop.problems.push(
    ...zodProblems(parsed.error, schema, { file: template.file, value, problems: [], placeOf }),
  );
  return undefined;
}

/** Where a macro calls `config()`, offsets are those of its file: its call is the place, and what is told of the macro itself is told once. */
function tell(workshop: Workshop, { viaMacro, place }: CallSite, problems: readonly Problem[]): void {
  for (const problem of problems) {
    const { code, message } = problem;
    if (viaMacro === null) workshop.problems.push(problem);
    else if (
      !workshop.problems.some(
        (known) => known.file === place.file && known.code === code && known.message === message,
      )
    )
      workshop.problems.push({ ...problem, ...place });
  }
}

const isLiteral = ({ name, value }: Argument): boolean => name !== null && literalOf(value) !== undefined;
