import type { JsonObject } from "../../base/json.ts";
import type { ModelNode, UnitTestInput, UnitTestNode } from "../../graph/types.ts";
import { parseTemplate } from "../../template/parse-template.ts";
import type { OpenProject } from "../open-project.ts";

/** Rows of each input, by its call. */
export type GivenRows = ReadonlyMap<string, readonly JsonObject[]>;

/** A unit test that is in no file yet; its inputs come with rows. */
export type Draft = Omit<UnitTestNode, "given"> & {
  readonly templateOf: (input: string) => string;
};

/** The test, and the project with the calls of its inputs among its templates. */
export function draftOf(
  open: OpenProject,
  model: ModelNode,
  name: string,
  inputs: readonly string[],
): { readonly project: OpenProject; readonly draft: Draft } {
  const uniqueId = `unit_test.${model.packageName}.${model.name}.${name}`;
  const templateOf = (input: string): string => `${uniqueId}.given.${inputs.indexOf(input)}`;
  const calls = new Map(
    inputs.map((input) => [templateOf(input), parseTemplate(name, `{{ ${input} }}`).template]),
  );
  const { templates } = open.parsed;
  const project = {
    ...open,
    parsed: {
      ...open.parsed,
      templates: {
        get: (id: string) => calls.get(id) ?? templates.get(id),
        sources: () => templates.sources(),
      },
    },
  };
  const draft: Draft = {
    resourceType: "unit_test",
    uniqueId,
    name,
    templateOf,
    packageName: model.packageName,
    path: model.path,
    originalFilePath: model.originalFilePath,
    fqn: [],
    description: "",
    tags: [],
    meta: {},
    patchPath: null,
    checksum: "",
    place: model.place,
    model: model.uniqueId,
    version: model.version,
    versions: null,
    cte: null,
    expect: { format: "dict", rows: [], fixture: null },
    overrides: { macros: {}, vars: {}, envVars: {}, now: null },
    dependsOn: { nodes: [model.uniqueId], macros: [] },
  };
  return { project, draft };
}

export function withInputs({ templateOf, ...draft }: Draft, given: GivenRows): UnitTestNode {
  const inputs = [...given].map(([input, rows]): UnitTestInput => ({
    kind: "call",
    input,
    templateId: templateOf(input),
    rows: { format: "dict", rows, fixture: null },
    place: draft.place,
    references: { refs: [], sources: [] },
  }));
  return { ...draft, given: inputs };
}
