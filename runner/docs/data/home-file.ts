import type { ManifestFileNode } from "../artifact-schemas.ts";
import { kindOf } from "./kinds.ts";
import { healthOf } from "./health.ts";
import { statusOf } from "./outcomes.ts";
import { firstSentence, richText } from "./rich.ts";
import type { SiteModel } from "./site-model.ts";
import type { Failing, HomeData, HomeNode } from "./home-types.ts";
import type { Kind, Status } from "./types.ts";

/** What the first page lists; longer lists have pages of their own. */
const MOST = { nodes: 60, failing: 30, runs: 15 };

export function homeFile(model: SiteModel): HomeData {
  const { manifest } = model.artifacts;
  const overview = Object.values(manifest.docs).filter(({ name }) => name === "__overview__");
  const of = (kind: Kind): ManifestFileNode[] => model.nodes.filter((node) => kindOf(node) === kind);
  const failing = failingOf(model);
  // A project without a folder of marts ends somewhere too.
  const marts = of("mart");
  const ends = model.nodes.filter(
    ({ resource_type: type, unique_id: id }) => type === "model" && model.childrenOf(id).every(isExposure),
  );
  const counts = new Map<Kind, number>();
  for (const node of model.nodes) counts.set(kindOf(node), (counts.get(kindOf(node)) ?? 0) + 1);
  return {
    // dbt puts an overview of its own into every manifest; a project's stands after it.
    description: richText(overview.at(-1)?.block_contents ?? ""),
    health: healthOf(model),
    sources: of("source")
      .slice(0, MOST.nodes)
      .map((node) => homeNode(model, node)),
    marts: (marts.length > 0 ? marts : ends).slice(0, MOST.nodes).map((node) => homeNode(model, node)),
    failing: failing.slice(0, MOST.failing),
    runs: (model.artifacts.observed?.history.runs ?? []).slice(0, MOST.runs),
    counts: [...counts],
  };
}

const isExposure = (id: string): boolean => id.startsWith("exposure.");

function homeNode(model: SiteModel, node: ManifestFileNode): HomeNode {
  const { unique_id: id } = node;
  const { observed, freshness, runResults } = model.artifacts;
  const dataset = observed?.datasets[id];
  const looked = freshness?.results.find((result) => result.unique_id === id);
  const builds = observed ? model.historyOf(id) : [];
  const builtAt = builds.findLast(({ status }) => status === "good")?.at;
  const lastRun = model.outcomeOf(id).status === "good" ? runResults?.metadata.generated_at : undefined;
  return {
    ...model.linkTo(id),
    about: firstSentence(node.description || (dataset?.label ?? ""), 180),
    rows: observed?.nodes[id]?.rows ?? model.outcomeOf(id).rows,
    at:
      looked?.max_loaded_at ??
      (dataset === undefined ? (builtAt ?? lastRun ?? null) : (dataset.vintages[0]?.landed ?? null)),
    published: dataset?.vintages[0]?.updated ?? null,
    freshness: looked === undefined ? "none" : statusOf(looked.status),
  };
}

/** Nodes and tests that went wrong in the last run or are too old, what is worst first. */
function failingOf(model: SiteModel): Failing[] {
  const order: readonly Status[] = ["bad", "warn"];
  return [...model.nodes, ...model.tests.values()]
    .map((node): Failing => {
      const { status, word, message } = model.outcomeOf(node.unique_id);
      const attached = node.attached_node ?? node.depends_on.nodes[0];
      return {
        ...model.linkTo(node.unique_id),
        status,
        word,
        message: message.slice(0, 300),
        of: model.tests.has(node.unique_id) && attached ? model.linkTo(attached) : null,
      };
    })
    .filter(({ status }) => order.includes(status))
    .toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
}
