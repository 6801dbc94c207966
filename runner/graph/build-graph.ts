import { isEphemeral } from "./relation-nodes.ts";
import { throwProblems } from "../base/errors.ts";
import type { Problem } from "../base/problems.ts";
import type { Package, Project } from "../project/types.ts";
import { checkGroups, groupNodes } from "./access.ts";
import { isAudited } from "./audits.ts";
import { exposureNodes } from "./exposure-nodes.ts";
import { genericTests } from "./generic-tests.ts";
import { edges, linkNodes, orderNodes } from "./link-nodes.ts";
import { macroNodes } from "./macro-nodes.ts";
import { modelNodes } from "./model-nodes.ts";
import { NodeNamer, withTablesOfTheirOwn } from "./name-nodes.ts";
import { readDocs } from "./read-docs.ts";
import { prefixOf, readMacros } from "./read-macros.ts";
import type { ParsedProject } from "./parsed-project.ts";
import { readProjectTemplates } from "./read-hooks.ts";
import { configLayers } from "./resolve-config.ts";
import { seedNodes } from "./seed-nodes.ts";
import { snapshotNodes } from "./snapshot-nodes.ts";
import { sourceNodes } from "./source-nodes.ts";
import { resolve } from "./resolve-references.ts";
import { rootWorkshop } from "./root-workshop.ts";
import { unusedFolders } from "./unused-folders.ts";
import { checkOwnSources } from "./own-sources.ts";
import { targetsOf } from "./targets.ts";
import { singularTests } from "./test-nodes.ts";
import { unitTestNodes } from "./unit-test-nodes.ts";
import type {
  DisabledNode,
  ExposureNode,
  Graph,
  GraphNode,
  GroupNode,
  MacroNode,
  RelationNode,
  SourceNode,
  TestNode,
} from "./types.ts";
import { checkFileNames } from "./workshop.ts";
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
  const { nodes: docNodes, docs } = readDocs(project, problems);
  const workshop = rootWorkshop(project, { env, problems, library, docs: docs.get(project.name)! });
  const workshops = [
    workshop,
    ...project.packages.map((of) => packageWorkshop(workshop, of, docs.get(of.name)!)),
  ];

  const made = workshops.map(makeNodes);
  const all = <Key extends keyof Made>(key: Key): readonly Made[Key][number][] =>
    made.length === 1 ? made[0]![key] : made.flatMap((one) => one[key] as Made[Key][number][]);
  const namer = new NodeNamer(workshops);
  const relations = namer.name(all("relations"));
  const sources = all("sources");
  const generic = workshops.flatMap((one, i) => genericTests(one, made[i]!.relations, made[i]!.sources));
  const tests = withTablesOfTheirOwn(namer.name([...all("tests"), ...generic]));
  const exposures = all("exposures");
  const macros = all("macros");
  const targets = targetsOf(workshop, relations, sources);
  const operations = readProjectTemplates(workshops, targets);
  const linkedNodes = linkNodes(workshop, seedsFirst(relations, tests), targets);
  const { linked, disabled } = linkedNodes;
  const parentsOfExposures = new Map(
    exposures.map((exposure) => [
      exposure.uniqueId,
      resolve(workshop, exposure, exposure.references, targets, true),
    ]),
  );
  const groups = all("groups");
  if (linkedNodes.hasGroups) checkGroups(workshop, linked, groups);
  const { ordered, numbers } = orderNodes(workshop, linkedNodes);
  checkOwnSources(workshop, ordered, sources);
  const unitTests = workshops.flatMap((one) => unitTestNodes(one, linked, targets));
  const off = workshop.off.map((node) =>
    "relation" in node && "config" in node ? namer.name([node])[0]! : node,
  );
  throwProblems(withoutConsequences(found, problems));
  const linkedUp = edges(numbers, ordered, unitTests, sources, exposures, parentsOfExposures);
  const { nodes } = linkedUp;
  const switchedOff = byIdAndFile([...disabled, ...off], nodes);
  workshop.templates.findNodes((id) => nodes.get(id) ?? switchedOff.get(id));

  return {
    graph: {
      projectName: project.name,
      ...linkedUp,
      sources: byId(sources),
      exposures: byId(exposures),
      unitTests: byId(unitTests),
      macros: byId(macros),
      docs: docNodes,
      groups: byId(groups),
      operations: byId(operations),
      disabled: switchedOff,
      unusedFolders: unusedFolders(project.folderConfigs, [relations, tests, sources, workshop.off]),
      ...standingOut(ordered),
    },
    templates: workshop.templates,
    introspective: withEphemeral(ordered, workshop.introspective),
    library,
    targets,
    docs,
  };
}

/** As nodes are linked: seeds before other relations, tests last. */
function seedsFirst(relations: readonly RelationNode[], tests: readonly TestNode[]): readonly GraphNode[] {
  const nodes: GraphNode[] = [];
  for (let i = 0; i < relations.length; i++)
    if (relations[i]!.resourceType === "seed") nodes.push(relations[i]!);
  for (let i = 0; i < relations.length; i++)
    if (relations[i]!.resourceType !== "seed") nodes.push(relations[i]!);
  for (let i = 0; i < tests.length; i++) nodes.push(tests[i]!);
  return nodes;
}

/** Ids of nodes of which there are few, so that nobody reads all of a kept project to find them. */
function standingOut(nodes: readonly GraphNode[]): Pick<Graph, "deprecated" | "audited" | "portable"> {
  const [deprecated, audited, portable]: string[][] = [[], [], []];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!;
    if (node.resourceType === "test") break;
    if (isAudited(node)) audited!.push(node.uniqueId);
    if (node.resourceType !== "model") continue;
    if (node.deprecationDate !== null) deprecated!.push(node.uniqueId);
    if (node.config.portable) portable!.push(node.uniqueId);
  }
  return { deprecated: deprecated!, audited: audited!, portable: portable! };
}

/** Nodes come after what they read. */
function withEphemeral(nodes: readonly GraphNode[], own: ReadonlySet<string>): ReadonlySet<string> {
  if (own.size === 0) return own;
  const all = new Set(own);
  const through = new Set<string>();
  for (const node of nodes) {
    if (node.dependsOn.nodes.some((id) => through.has(id))) all.add(node.uniqueId);
    if (isEphemeral(node) && all.has(node.uniqueId)) through.add(node.uniqueId);
  }
  return all;
}

/** A package sees the project with its own files, properties and variables. */
function packageWorkshop(workshop: Workshop, of: Package, docs: Workshop["docs"]): Workshop {
  const { name, version, vars, folderConfigs, files, properties } = of;
  return {
    ...workshop,
    project: { ...workshop.project, name, version, vars, folderConfigs, files, properties },
    package: name,
    prefix: prefixOf(workshop.project, of),
    configs: configLayers(folderConfigs, of.above),
    docs,
  };
}

type Made = {
  readonly relations: readonly RelationNode[];
  readonly sources: readonly SourceNode[];
  readonly tests: readonly TestNode[];
  readonly exposures: readonly ExposureNode[];
  readonly macros: readonly MacroNode[];
  readonly groups: readonly GroupNode[];
};

/** The nodes of the project or a package, but for the tests that its property files ask for. */
function makeNodes(workshop: Workshop): Made {
  checkFileNames(workshop);
  return {
    relations: [...modelNodes(workshop), ...seedNodes(workshop), ...snapshotNodes(workshop)],
    sources: sourceNodes(workshop),
    tests: singularTests(workshop),
    exposures: exposureNodes(workshop),
    macros: macroNodes(workshop),
    groups: groupNodes(workshop),
  };
}

/** What is declared where a file is wrong is not unknown: that is told, if it is so, when the file is mended. */
function withoutConsequences(found: readonly Problem[], problems: readonly Problem[]): readonly Problem[] {
  const hidden = [
    ...(found.length > 0 ? DECLARED : []),
    ...(problems.some(({ code }) => code === "MACRO_IMPORT")
      ? ["NAME_UNKNOWN", "TEST_UNKNOWN", "PROPERTIES_UNMATCHED"]
      : []),
  ];
  // Of a configuration with a wrong key, a key that is missing is likely that one.
  const mended = new Set(found.map(({ file }) => file));
  const own = problems.filter(
    ({ code, file }) => !hidden.includes(code) && !(mended.has(file) && SAID_OTHERWISE.has(code)),
  );
  // What versions of a model have in common is looked at for each of them.
  return [...found, ...new Map(own.map((problem) => [JSON.stringify(problem), problem])).values()];
}

const DECLARED = [
  "SOURCE_UNKNOWN",
  "RELATION_DUPLICATE",
  "REF_UNVERSIONED",
  "VERSION_UNKNOWN",
  "GROUP_UNKNOWN",
];
const SAID_OTHERWISE: ReadonlySet<string> = new Set(["CONFIG_MISSING", "CONFIG_UNUSED"]);

/** Of one id there may be several, also in one file: what is switched off stands in nobody's way. */
function byIdAndFile(
  off: readonly DisabledNode[],
  on: ReadonlyMap<string, unknown>,
): Map<string, DisabledNode> {
  const known = new Map<string, DisabledNode>();
  for (const node of off) {
    const { uniqueId, originalFilePath } = node;
    let key = uniqueId;
    if (on.has(key) || known.has(key)) key += ` ${originalFilePath}`;
    while (known.has(key)) key += " again";
    known.set(key, node);
  }
  return known;
}

function byId<Node extends { readonly uniqueId: string }>(nodes: readonly Node[]): Map<string, Node> {
  const known = new Map<string, Node>();
  for (let i = 0; i < nodes.length; i++) known.set(nodes[i]!.uniqueId, nodes[i]!);
  return known;
}
