import { plural } from "../base/text.ts";
import type { GraphNode } from "../graph/types.ts";
import { SEED_ENDINGS, unreadSeeds } from "../project/find-files.ts";
import { keepsSnapshot } from "../plan/snapshot/keeps-snapshot.ts";
import type { BuildOptions } from "./build-options.ts";
import type { OpenProject } from "./open-project.ts";

/** What a person should know of a build before it begins; each thing once, not once a node. */
export async function warnAhead(
  open: OpenProject,
  nodes: readonly GraphNode[],
  options: BuildOptions,
): Promise<void> {
  if (/^(build|seed)$/.test(options.command)) await warnOfUnreadSeeds(open, options.onEvent);
  warnOfEmptySources(open, nodes, options.onEvent);
  warnOfGrants(open, nodes, options.onEvent);
  warnOfPortion(open, nodes, options);
}

/** Who puts a workbook there means it to be a table. */
async function warnOfUnreadSeeds({ project }: OpenProject, onEvent: BuildOptions["onEvent"]): Promise<void> {
  const unread = unreadSeeds(project.root);
  if (unread.length === 0) return;
  const names = unread.map((path) => `"${path}"`).join(", ");
  const message = `nothing reads ${names}: seeds end in ${SEED_ENDINGS.join(", ")}`;
  onEvent({ kind: "warning", code: "SEED_NOT_READ", message, uniqueId: null });
}

/** Said once a run: the configuration is right, the engine has nobody to grant anything to. */
function warnOfGrants(
  { dialect, project }: OpenProject,
  nodes: readonly GraphNode[],
  onEvent: BuildOptions["onEvent"],
): void {
  const count = nodes.filter(
    (node) => node.resourceType !== "test" && Object.keys(node.config.grants).length > 0,
  ).length;
  if (count === 0 || dialect.grants !== null) return;
  const message = `grants of ${plural(count, "node")} are not applied: ${project.target.type} knows no users`;
  onEvent({ kind: "warning", code: "GRANTS_UNSUPPORTED", message, uniqueId: null });
}

/** A sample of what has no event time is all of it; a snapshot of a part would note the rest as deleted. */
function warnOfPortion(
  { parsed: { graph } }: OpenProject,
  nodes: readonly GraphNode[],
  { portion, onEvent }: Pick<BuildOptions, "portion" | "onEvent">,
): void {
  if (portion === undefined) return;
  const tell = (code: string, message: string): void =>
    onEvent({ kind: "warning", code, message, uniqueId: null });
  const flag = portion.kind === "empty" ? "--empty" : "--sample";
  const kept = nodes.filter(
    (node) => node.resourceType === "snapshot" && keepsSnapshot(node, "table", portion),
  );
  if (kept.length > 0) {
    const names = kept.map(({ name }) => name).join(", ");
    tell(
      "SNAPSHOT_KEPT",
      `${flag} takes no snapshot where rows that are not read would be noted as deleted: ${names}`,
    );
  }
  const isDated = (id: string): boolean =>
    (graph.sources.get(id)?.eventTime ?? eventTimeOf(graph.nodes.get(id))) !== null;
  const readers = nodes.filter(({ resourceType }) => resourceType === "model" || resourceType === "snapshot");
  if (portion.kind === "sample" && !readers.some(({ dependsOn }) => dependsOn.nodes.some(isDated)))
    tell("SAMPLE_UNUSED", "--sample changes nothing: no input of what is built has an event_time");
}

const eventTimeOf = (node: GraphNode | undefined): string | null =>
  node === undefined || node.resourceType === "test" ? null : node.config.event_time;

/** One line for all of them: whoever has landed nothing yet needs one hint, not one a dataset. */
export function warnOfEmptySources(
  open: OpenProject,
  nodes: readonly GraphNode[],
  onEvent: BuildOptions["onEvent"],
): void {
  const used = new Set(
    nodes.flatMap((node) =>
      node.resourceType === "model" || node.resourceType === "snapshot" ? node.dependsOn.nodes : [],
    ),
  );
  const empty = [...open.parsed.graph.sources.values()].filter(
    (source) => used.has(source.uniqueId) && open.sources.isEmpty(source),
  );
  if (empty.length === 0) return;
  const names = empty.map((source) => `${source.sourceName}.${source.name}`).join(", ");
  const message = `nothing has landed for ${names}: models of it will be empty. ingest sync fetches what the project lists, ingest file lands a document`;
  onEvent({ kind: "warning", code: "SOURCE_NOT_LANDED", message, uniqueId: null });
}
