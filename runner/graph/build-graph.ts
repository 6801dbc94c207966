import { join } from "node:path";
import { throwProblems } from "../base/errors.ts";
import type { Problem } from "../base/problems.ts";
import type { Project } from "../project/types.ts";
import { analyseMacros } from "../template/analyse.ts";
import { parseDocBlocks } from "../template/doc-blocks.ts";
import { loadScriptMacros } from "../template/load-script-macros.ts";
import { createMacroLibrary } from "../template/macro-library.ts";
import type { MacroLibrary } from "../template/macro-library.ts";
import { parseMacroFile } from "../template/parse-macro-file.ts";
import { exposureNodes } from "./exposure-nodes.ts";
import { genericTests } from "./generic-tests.ts";
import { orderNodes, placeOfCall, resolve, targetsOf } from "./link.ts";
import type { Targets } from "./link.ts";
import { macroNodes } from "./macro-nodes.ts";
import { modelNodes } from "./model-nodes.ts";
import { childrenOf } from "./order.ts";
import type { ParsedProject } from "./parsed-project.ts";
import { checkProjectTemplates } from "./read-hooks.ts";
import { configLayers } from "./resolve-config.ts";
import { seedNodes } from "./seed-nodes.ts";
import { snapshotNodes } from "./snapshot-nodes.ts";
import { sourceNodes } from "./source-nodes.ts";
import { globalSpecs } from "./specs.ts";
import { Templates } from "./templates.ts";
import { singularTests } from "./test-nodes.ts";
import type { DocNode, ExposureNode, GraphNode, SourceNode } from "./types.ts";
import { checkFileNames, report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/**
 * Project to graph: everything that can be known without a warehouse. Throws every mistake of the project at once, together with
 * `found`: those that were met while it was read.
 */
export async function buildGraph(
  project: Project,
  env: Workshop["env"],
  found: readonly Problem[] = [],
): Promise<ParsedProject> {
  const problems: Problem[] = [];
  const library = await readMacros(project, problems);
  const docNodes = readDocs(project, problems);
  const docs = new Map([...docNodes.values()].map(({ name, contents }) => [name, contents]));
  const workshop: Workshop = {
    project,
    configs: configLayers(project.folderConfigs),
    library,
    docs,
    env,
    problems,
    templates: new Templates(),
  };

  checkFileNames(workshop);
  checkProjectTemplates(workshop);
  const models = modelNodes(workshop);
  const seeds = seedNodes(workshop);
  const snapshots = snapshotNodes(workshop);
  const relations = [...models, ...seeds, ...snapshots];
  const sources = sourceNodes(workshop);
  const tests = [...singularTests(workshop), ...genericTests(workshop, relations, sources)];
  const exposures = exposureNodes(workshop);
  const macros = macroNodes(workshop);
  const targets = targetsOf(workshop, relations, sources);
  const { linked, disabled } = linkNodes(workshop, [...seeds, ...models, ...snapshots, ...tests], targets);
  const parentsOfExposures = new Map(
    exposures.map((exposure) => [
      exposure.uniqueId,
      resolve(workshop, exposure, exposure.references, targets, true),
    ]),
  );
  const ordered = orderNodes(workshop, linked);
  throwProblems(withoutConsequences(found, problems));

  return {
    graph: {
      projectName: project.name,
      nodes: byId(ordered),
      sources: byId(sources),
      exposures: byId(exposures),
      macros: byId(macros),
      docs: docNodes,
      disabled: byId(disabled),
      ...edges(ordered, sources, exposures, parentsOfExposures),
    },
    templates: workshop.templates,
    library,
    docs,
  };
}

/** What is declared in a file that could not be read is not unknown: that is told, if it is so, when the file is mended. */
function withoutConsequences(found: readonly Problem[], problems: readonly Problem[]): readonly Problem[] {
  const hidden = [
    ...(found.length > 0 ? ["SOURCE_UNKNOWN", "RELATION_DUPLICATE"] : []),
    ...(problems.some(({ code }) => code === "MACRO_IMPORT")
      ? ["NAME_UNKNOWN", "TEST_UNKNOWN", "PROPERTIES_UNMATCHED"]
      : []),
  ];
  return [...found, ...problems.filter(({ code }) => !hidden.includes(code))];
}

async function readMacros(project: Project, problems: Problem[]): Promise<MacroLibrary> {
  const files = project.files.macros.map((file) => parseMacroFile(file.path, file.text));
  const paths = project.files.scriptMacros.map(({ path }) => ({
    path: join(project.root, path),
    file: path,
  }));
  const scripts = paths.length > 0 ? await loadScriptMacros(paths) : { macros: [], problems: [] };
  const made = createMacroLibrary(project.target.type, [
    ...files.flatMap(({ macros }) => macros),
    ...scripts.macros,
  ]);
  problems.push(
    ...files.flatMap((file) => file.problems),
    ...scripts.problems,
    ...made.problems,
    ...analyseMacros(made.library, globalSpecs),
  );
  return made.library;
}

function readDocs(project: Project, problems: Problem[]): Map<string, DocNode> {
  const nodes = new Map<string, DocNode>();
  for (const file of project.files.docs) {
    const { blocks, problems: found } = parseDocBlocks(file.path, file.text);
    problems.push(...found);
    for (const { name, contents, place } of blocks) {
      const uniqueId = `doc.${project.name}.${name}`;
      const first = nodes.get(uniqueId);
      if (first) {
        const message = `doc block "${name}" is also in ${first.path}`;
        problems.push({ ...place, code: "NAME_DUPLICATE", message, hint: "rename one of the two" });
      }
      nodes.set(uniqueId, {
        uniqueId,
        name,
        packageName: project.name,
        path: file.path,
        originalFilePath: file.path,
        contents,
      });
    }
  }
  return nodes;
}

/** Nodes with what they depend on; a test of something that is switched off is switched off with it, as in dbt. */
function linkNodes(
  workshop: Workshop,
  nodes: readonly GraphNode[],
  targets: Targets,
): { linked: GraphNode[]; disabled: GraphNode[] } {
  const linked: GraphNode[] = [];
  const disabled: GraphNode[] = [];
  const isOff = (name: string): boolean => targets.refs.get(name)?.config.enabled === false;
  for (const node of nodes) {
    const isOn =
      node.config.enabled &&
      !(node.resourceType === "test" && node.references.refs.some(({ name }) => isOff(name)));
    const ids = node.resourceType === "seed" ? [] : resolve(workshop, node, node.references, targets, isOn);
    if (ids.includes(node.uniqueId)) {
      report(
        workshop,
        placeOfCall(workshop, node, node.name),
        "CYCLE",
        `"${node.name}" refers to itself`,
        "an incremental model reads its own table with {{ this }}",
      );
    }
    const others = ids.filter((id) => id !== node.uniqueId);
    (isOn ? linked : disabled).push({ ...node, dependsOn: { ...node.dependsOn, nodes: others } });
  }
  return { linked, disabled };
}

function edges(
  nodes: readonly GraphNode[],
  sources: readonly SourceNode[],
  exposures: readonly ExposureNode[],
  parentsOfExposures: ReadonlyMap<string, readonly string[]>,
): Pick<ParsedProject["graph"], "parents" | "children"> {
  const parents = new Map<string, readonly string[]>([
    ...sources.map(({ uniqueId }) => [uniqueId, []] as const),
    ...nodes.map((node) => [node.uniqueId, node.dependsOn.nodes] as const),
    ...exposures.map(({ uniqueId }) => [uniqueId, parentsOfExposures.get(uniqueId) ?? []] as const),
  ]);
  return { parents, children: childrenOf(parents) };
}

const byId = <Node extends { readonly uniqueId: string }>(nodes: readonly Node[]): Map<string, Node> =>
  new Map(nodes.map((node) => [node.uniqueId, node]));
