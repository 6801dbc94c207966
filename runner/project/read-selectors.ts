import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { diskError } from "../base/files.ts";
import type { Problem } from "../base/problems.ts";
import { SELECTOR_FILES } from "./find-project.ts";
import { parseYaml } from "./yaml.ts";
import type { YamlFile } from "./yaml.ts";
import { zodProblems } from "./zod-problems.ts";

const selectorFileSchema = z.strictObject({
  version: z.literal(2).optional(),
  selectors: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[\w.-]+$/, "must be letters, digits, dots, underscores and hyphens"),
        description: z.string().default(""),
        default: z.boolean().default(false),
        /** A term of the command line, or a map; `runner/graph/select` reads it. */
        definition: z.unknown(),
      }),
    )
    .default([]),
});

export type SelectorFile = {
  readonly entries: z.infer<typeof selectorFileSchema>["selectors"];
  readonly yaml: YamlFile;
  readonly problems: readonly Problem[];
};

/** `selectors.yml` beside the project file; undefined where there is none. */
export function readSelectorFile(root: string): SelectorFile | undefined {
  const file = SELECTOR_FILES.find((name) => existsSync(join(root, name)));
  if (file === undefined) return undefined;
  let text;
  try {
    text = readFileSync(join(root, file), "utf8");
  } catch (error) {
    throw diskError(`cannot read ${join(root, file)}`, error);
  }
  const yaml = parseYaml(file, text);
  if (yaml.problems.length > 0 || yaml.value === null) return { entries: [], yaml, problems: yaml.problems };
  const parsed = selectorFileSchema.safeParse(yaml.value);
  return parsed.success
    ? { entries: parsed.data.selectors, yaml, problems: [] }
    : { entries: [], yaml, problems: zodProblems(parsed.error, selectorFileSchema, yaml) };
}
