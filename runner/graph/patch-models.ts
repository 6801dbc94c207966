import { nameInPath } from "./naming.ts";
import type { Problem } from "../base/problems.ts";
import type { ProjectHead } from "../project/read-project.ts";
import { noProperties, readPropertyFile } from "../project/read-properties.ts";
import type { RenderText } from "../project/render-values.ts";
import type { ModelProperties, Project, TextFile } from "../project/types.ts";
import { withPathsAsPlaces } from "../project/yaml.ts";
import { parseTemplate } from "../template/parse-template.ts";
import { LazyMap } from "./lazy-map.ts";
import { modelNodes } from "./model-nodes.ts";
import { NodeNamer } from "./name-nodes.ts";
import type { ParsedProject } from "./parsed-project.ts";
import { rootWorkshop } from "./root-workshop.ts";
import type { GraphNode, ModelNode } from "./types.ts";
import type { Workshop } from "./workshop.ts";

export type Patched = { readonly parsed: ParsedProject; readonly models: ReadonlyMap<string, ModelNode> };

/**
 * A project in which nothing but the files of these models has changed; null where more than their SQL and the macros in it is another than
 * before, or something is wrong: then the whole has to be looked at. `textOf` reads a file of the project.
 */
export function patchModels(
  project: ProjectHead,
  env: Workshop["env"],
  parsed: ParsedProject,
  files: readonly TextFile[],
  textOf: (file: string) => string,
  render: RenderText | undefined,
): Patched | null {
  const before = new Map<string, ModelNode>();
  const described: ModelProperties[] = [];
  for (const { path } of files) {
    const node = parsed.graph.nodes.get(`model.${project.name}.${nameInPath(path)}`);
    if (node?.resourceType !== "model" || node.originalFilePath !== path || node.version !== null)
      return null;
    before.set(node.uniqueId, node);
    if (node.patchPath === null) continue;
    const { patchPath, name } = node;
    const read = readPropertyFile({ path: patchPath, file: patchPath, text: textOf(patchPath) }, render);
    if (read.problems.length > 0) return null;
    described.push(...read.value.models.filter((entry) => entry.name === name));
  }
  const problems: Problem[] = [];
  const workshop = rootWorkshop(
    { ...project, files: { ...noFiles, models: files }, properties: { ...noProperties, models: described } },
    { env, problems, library: parsed.library, docs: parsed.docs.get(project.name)! },
  );
  const made = new NodeNamer([workshop]).name(modelNodes(workshop));
  const models = new Map<string, ModelNode>();
  for (const node of made) {
    const old = before.get(node.uniqueId);
    const asks = workshop.introspective.has(node.uniqueId) || parsed.introspective.has(node.uniqueId);
    if (old === undefined || asks || besideSql(old) !== besideSql(node)) return null;
    const dependsOn = { nodes: old.dependsOn.nodes, macros: node.dependsOn.macros };
    models.set(node.uniqueId, { ...node, dependsOn });
  }
  if (problems.length > 0 || models.size !== files.length) return null;
  return { parsed: withModels(parsed, models), models };
}

const noFiles: Project["files"] = {
  models: [],
  macros: [],
  scriptMacros: [],
  singularTests: [],
  seeds: [],
  fixtures: [],
  docs: [],
};
/** All that other nodes, edges and checks follow from. */
const besideSql = (node: ModelNode): string =>
  withPathsAsPlaces("place", () =>
    JSON.stringify({ ...node, rawCode: "", checksum: "", dependsOn: null, columns: [...node.columns] }),
  );

function withModels(parsed: ParsedProject, models: ReadonlyMap<string, ModelNode>): ParsedProject {
  const { graph, templates } = parsed;
  const ids = [...graph.nodes.keys()];
  const nodes = new LazyMap<GraphNode>(ids, (i) => models.get(ids[i]!) ?? graph.nodes.get(ids[i]!)!);
  return {
    ...parsed,
    graph: { ...graph, nodes },
    templates: {
      get(id) {
        const node = models.get(id);
        return node ? parseTemplate(node.place.file, node.rawCode).template : templates.get(id);
      },
      *sources() {
        for (const [id, source] of templates.sources()) {
          const node = models.get(id);
          yield [id, node ? { file: node.place.file, text: node.rawCode } : source];
        }
      },
    },
  };
}
