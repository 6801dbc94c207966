import type { z } from "zod";
import { ProjectError, messageOf } from "../base/errors.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { placeAt } from "../base/problems.ts";
import { zodProblems } from "../project/zod-problems.ts";
import type { Analysis, Template } from "../template/types.ts";
import { evaluateArguments } from "./evaluate.ts";
import { report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** Of files that say nothing of their configuration. */
export const noCall: JsonObject = {};

/** All that a file's own calls say, the later over the earlier. */
export const callOf = (calls: readonly object[]): JsonObject =>
  calls.length === 0 ? noCall : (Object.assign({}, ...calls) as JsonObject);

/** The file's `config(…)` calls in order; arguments may use vars and environment variables. */
export function inFileConfigs<Config>(
  workshop: Workshop,
  template: Template,
  analysis: Analysis,
  schema: z.ZodType<Config>,
): Config[] {
  return analysis.calls
    .filter((site) => site.name === "config")
    .flatMap((site): Config[] => {
      let value: Record<string, Json>;
      try {
        value = evaluateArguments(workshop, template, site);
      } catch (error) {
        if (error instanceof ProjectError) workshop.problems.push(...error.problems);
        else report(workshop, site.place, "CONFIG_INVALID", messageOf(error));
        return [];
      }
      const parsed = schema.safeParse(value);
      if (parsed.success) return [parsed.data];
      const offsets = new Map(site.args.map((argument) => [argument.name, argument.at]));
      const placeOf = (path: readonly (string | number)[]) => {
        const at = site.viaMacro === null ? offsets.get(String(path[0])) : undefined;
        return at === undefined ? site.place : placeAt(template.file, template.text, site.at + at);
      };
      workshop.problems.push(
        ...zodProblems(parsed.error, schema, { file: template.file, value, problems: [], placeOf }),
      );
      return [];
    });
}
