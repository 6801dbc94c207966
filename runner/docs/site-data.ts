import type { ManifestFileNode, RunResultsFile, SiteArtifacts } from "./artifact-schemas.ts";
import { layOut } from "./layout/layout.ts";
import type { Layout } from "./layout/layout.ts";

/** Decides the colour: models by the folder they lie in. */
export type SiteKind =
  | "source"
  | "seed"
  | "snapshot"
  | "staging"
  | "intermediate"
  | "mart"
  | "model"
  | "exposure";
export type SiteStatus = "good" | "warn" | "bad" | "skipped" | "none";

/** What the page's scripts get as data: everything about the project that can be seen, and where it is drawn. */
export type SiteData = {
  readonly project: string;
  readonly adapter: string;
  /** Schemas that models, seeds and snapshots are built in. */
  readonly schemas: readonly string[];
  readonly generatedAt: string;
  readonly run: { readonly command: string; readonly at: string; readonly seconds: number } | null;
  readonly graph: Pick<Layout, "width" | "height" | "nodeWidth" | "nodeHeight">;
  readonly nodes: readonly SiteNode[];
  readonly edges: readonly SiteEdge[];
};
export type SiteNode = {
  readonly id: string;
  readonly name: string;
  readonly kind: SiteKind;
  /** `table`, `view`, `source` … */
  readonly shape: string;
  readonly path: string;
  readonly relation: string | null;
  readonly description: string;
  readonly tags: readonly string[];
  /** Further facts as label and text: owner, address, loader. */
  readonly facts: readonly (readonly [label: string, text: string])[];
  readonly columns: readonly SiteColumn[];
  readonly tests: readonly SiteTest[];
  readonly raw: string;
  readonly compiled: string;
  readonly parents: readonly string[];
  readonly children: readonly string[];
  readonly outcome: SiteOutcome;
  readonly x: number;
  readonly y: number;
  readonly layer: number;
};
export type SiteColumn = { readonly name: string; readonly type: string; readonly description: string };
export type SiteTest = {
  readonly id: string;
  readonly name: string;
  readonly column: string | null;
  readonly outcome: SiteOutcome;
};
/** Of the last run; `none` when it was not part of it. */
export type SiteOutcome = {
  readonly status: SiteStatus;
  /** The word of the artifact: `success`, `fail` … or empty. */
  readonly word: string;
  readonly message: string;
  readonly seconds: number | null;
  readonly rows: number | null;
};
export type SiteEdge = {
  readonly from: string;
  readonly to: string;
  readonly points: Layout["edges"][number];
};

type Outcomes = ReadonlyMap<string, SiteOutcome>;
const notRun: SiteOutcome = { status: "none", word: "", message: "", seconds: null, rows: null };

/** Brings the artifacts together; pure. */
export function siteData(artifacts: SiteArtifacts): SiteData {
  const { manifest, runResults } = artifacts;
  const all = { ...manifest.sources, ...manifest.nodes, ...manifest.exposures };
  const drawn = inParentOrder(
    Object.values(all).filter((node) => node.resource_type !== "test"),
    manifest.parent_map,
  );
  const index = new Map(drawn.map((node, i) => [node.unique_id, i]));
  const parentsOf = (node: ManifestFileNode): string[] =>
    (manifest.parent_map[node.unique_id] ?? []).filter((id) => index.has(id));
  const edges = drawn.flatMap((node, child) => parentsOf(node).map((id) => [index.get(id)!, child] as const));
  const layout = layOut(
    { nodes: drawn.map((node) => ({ id: node.unique_id, last: node.resource_type === "exposure" })), edges },
    widthFor(drawn.map(shownName)),
  );
  const outcomes = outcomesOf(artifacts);
  const tests = testsByNode(Object.values(manifest.nodes), outcomes);
  const children = drawn.map((): string[] => []);
  for (const [parent, child] of edges) children[parent]!.push(drawn[child]!.unique_id);
  return {
    project: manifest.metadata.project_name ?? "",
    adapter: manifest.metadata.adapter_type ?? "",
    schemas: schemasOf(manifest),
    generatedAt: manifest.metadata.generated_at,
    run: runResults && {
      command: runResults.args.which ?? "run",
      at: runResults.metadata.generated_at,
      seconds: runResults.elapsed_time,
    },
    graph: {
      width: layout.width,
      height: layout.height,
      nodeWidth: layout.nodeWidth,
      nodeHeight: layout.nodeHeight,
    },
    nodes: drawn.map((node, i) => ({
      ...describeNode(node, artifacts),
      tests: tests.get(node.unique_id) ?? [],
      parents: parentsOf(node),
      children: children[i]!,
      outcome: outcomes.get(node.unique_id) ?? notRun,
      ...layout.nodes[i]!,
    })),
    edges: edges.map(([parent, child], i) => ({
      from: drawn[parent]!.unique_id,
      to: drawn[child]!.unique_id,
      points: layout.edges[i]!,
    })),
  };
}

/** Where what is built lives; its name tells made up numbers from real ones. */
function schemasOf({ nodes }: SiteArtifacts["manifest"]): string[] {
  const built = Object.values(nodes).filter(({ resource_type: type }) => type !== "test");
  return [...new Set(built.flatMap(({ schema }) => schema ?? []))].toSorted();
}

/** Parents before children; among equals, by folder and name, which is also how the columns start out. */
function inParentOrder(
  nodes: readonly ManifestFileNode[],
  parentMap: SiteArtifacts["manifest"]["parent_map"],
): ManifestFileNode[] {
  const waiting = new Map(
    nodes.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)).map((node) => [node.unique_id, node]),
  );
  const ordered: ManifestFileNode[] = [];
  const opened = new Set<string>();
  for (const start of waiting.keys()) {
    const stack = [start];
    for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
      const node = waiting.get(id);
      if (node !== undefined && !opened.has(id)) {
        opened.add(id);
        stack.push(...(parentMap[id] ?? []).filter((parent) => waiting.has(parent) && !opened.has(parent)));
        continue;
      }
      stack.pop();
      if (node !== undefined && waiting.delete(id)) ordered.push(node);
    }
  }
  return ordered;
}

const sortKey = (node: ManifestFileNode): string => `${node.original_file_path}\u0000${node.name}`;

function describeNode(node: ManifestFileNode, { catalog }: SiteArtifacts) {
  const facts = [
    ["Loader", node.loader],
    ["Source", node.source_description],
    ["Type", node.type],
    ["Owner", [node.owner?.name, node.owner?.email].filter((part) => typeof part === "string").join(", ")],
    ["Address", node.url],
  ] as const;
  const table = catalog?.nodes[node.unique_id] ?? catalog?.sources[node.unique_id];
  return {
    id: node.unique_id,
    name: shownName(node),
    kind: kindOf(node),
    shape: node.config.materialized ?? node.resource_type,
    path: node.original_file_path,
    relation: node.relation_name ?? null,
    description: node.description,
    tags: node.tags,
    facts: facts.flatMap(([label, text]) => (text ? [[label, text] as const] : [])),
    columns: columnsOf(node, table?.columns ?? {}),
    raw: node.resource_type === "model" ? node.raw_code : "",
    compiled: node.compiled_code ?? "",
  };
}

const shownName = (node: ManifestFileNode): string =>
  node.source_name ? `${node.source_name}.${node.name}` : (node.label ?? node.name);

/** Pixels: wide enough for nine names of ten; the longest are cut, and whole in the details. */
function widthFor(names: readonly string[]): number {
  const lengths = names.map((name) => name.length).toSorted((a, b) => a - b);
  const usual = lengths[Math.floor((lengths.length - 1) * 0.9)] ?? 0;
  return Math.min(330, Math.max(190, Math.round(usual * 8.2) + 64));
}

function kindOf({ resource_type: type, fqn, name }: ManifestFileNode): SiteKind {
  if (type === "source" || type === "seed" || type === "snapshot" || type === "exposure") return type;
  const folders = fqn.slice(1, -1);
  if (folders.includes("staging") || name.startsWith("stg_")) return "staging";
  if (folders.includes("intermediate") || name.startsWith("int_")) return "intermediate";
  return folders.includes("marts") ? "mart" : "model";
}

/** Columns of the warehouse in its order, with what is written about them; then those that are only written about. */
function columnsOf(
  node: ManifestFileNode,
  found: Record<string, { name: string; type: string; index: number }>,
): SiteColumn[] {
  const written = new Map(Object.values(node.columns).map((column) => [column.name.toLowerCase(), column]));
  const built = Object.values(found)
    .toSorted((a, b) => a.index - b.index)
    .map(({ name, type }) => {
      const about = written.get(name.toLowerCase());
      written.delete(name.toLowerCase());
      return { name, type, description: about?.description ?? "" };
    });
  const rest = [...written.values()].map(({ name, description, data_type: type }) => ({
    name,
    type: type ?? "",
    description,
  }));
  return [...built, ...rest];
}

/** Generic tests belong to the node they are written under, singular ones to all that they read. */
function testsByNode(nodes: readonly ManifestFileNode[], outcomes: Outcomes): Map<string, SiteTest[]> {
  const tests = new Map<string, SiteTest[]>();
  for (const node of nodes) {
    if (node.resource_type !== "test") continue;
    const test: SiteTest = {
      id: node.unique_id,
      name: node.test_metadata?.name ?? node.name,
      column: node.column_name ?? null,
      outcome: outcomes.get(node.unique_id) ?? notRun,
    };
    for (const id of node.attached_node ? [node.attached_node] : node.depends_on.nodes) {
      tests.set(id, [...(tests.get(id) ?? []), test]);
    }
  }
  return tests;
}

const statuses: Readonly<Record<string, SiteStatus>> = {
  success: "good",
  pass: "good",
  warn: "warn",
  fail: "bad",
  error: "bad",
  "runtime error": "bad",
  skipped: "skipped",
};

function outcomesOf({ runResults, freshness }: SiteArtifacts): Outcomes {
  const ofRun = (runResults?.results ?? []).map((result) => [result.unique_id, outcomeOf(result)] as const);
  const ofSources = (freshness?.results ?? []).map((result) => {
    const message = result.max_loaded_at
      ? `newest load ${result.max_loaded_at}`
      : typeof result.error === "string"
        ? result.error
        : "";
    const status = statuses[result.status] ?? "none";
    return [result.unique_id, { ...notRun, status, word: `freshness: ${result.status}`, message }] as const;
  });
  return new Map<string, SiteOutcome>([...ofRun, ...ofSources]);
}

const outcomeOf = (result: RunResultsFile["results"][number]): SiteOutcome => ({
  status: statuses[result.status] ?? "none",
  word: result.status,
  message: result.message ?? "",
  seconds: result.execution_time,
  rows: result.adapter_response.rows_affected ?? null,
});
