import { nameOfId } from "../graph/node-by-id.ts";
import type { Adapter } from "../adapters/adapter.ts";
import { publishWarehouse, publishedPath } from "../adapters/publish.ts";
import { posixRelative } from "../base/files.ts";
import { plural } from "../base/text.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { NodeStatus, RunResults } from "../execute/results.ts";
import { noteUnsettled } from "../execute/unsettled.ts";
import type { GraphNode } from "../graph/types.ts";
import type { BuildOptions } from "./build-options.ts";
import type { OpenProject } from "./open-project.ts";

/** What makes a run no success. */
export const FAILED: ReadonlySet<NodeStatus> = new Set(["error", "fail", "skipped", "partial success"]);

/**
 * What must not be published: nodes that this run or an earlier one asked for and that are not as they should be. `before` counts
 * those of earlier runs.
 */
export type Unsettled = { readonly before: number; readonly ids: ReadonlySet<string> };

/**
 * Notes what a run is about to change, before it does: a kill in the middle leaves the note. `known`: unsettled ids of earlier runs. null:
 * nothing is published here.
 */
export async function beginPublishing(
  { project, dialect }: OpenProject,
  adapter: Adapter,
  known: ReadonlySet<string>,
  building: readonly GraphNode[],
): Promise<Unsettled | null> {
  if (publishedPath(project.target) === undefined) return null;
  const changed = building.filter(({ resourceType }) => resourceType !== "test");
  const ids = new Set([...known, ...changed.map(({ uniqueId }) => uniqueId)]);
  if (ids.size > known.size) await note(dialect, adapter, ids);
  return { before: known.size, ids };
}

/** Notes what became of it. Nodes that are no longer in the project hold nothing up; those that read a part of their inputs do. */
export async function settle(
  { dialect, parsed }: OpenProject,
  adapter: Adapter,
  unsettled: Unsettled | null,
  { results, isPartial }: { readonly results: RunResults["results"]; readonly isPartial: boolean },
): Promise<Unsettled | null> {
  if (unsettled === null) return null;
  const ids = new Set([...unsettled.ids].filter((id) => parsed.graph.nodes.has(id)));
  for (const { uniqueId, status } of results) {
    if (FAILED.has(status)) ids.add(uniqueId);
    // Seeds are loaded whole in any run.
    else if (!isPartial || uniqueId.startsWith("seed.")) ids.delete(uniqueId);
  }
  const isNoted = ids.size === unsettled.ids.size && [...ids].every((id) => unsettled.ids.has(id));
  if (!isNoted) await note(dialect, adapter, ids);
  return { ...unsettled, ids };
}

async function note(dialect: Dialect, adapter: Adapter, ids: ReadonlySet<string>): Promise<void> {
  const session = await adapter.session();
  await noteUnsettled(session, dialect, ids);
  await session.close();
}

/**
 * Publishes the closed warehouse where the target says `publish`: when everything that this run asked for is there, and everything
 * that runs before it left undone. Tests change no table, so they publish only when they were what was missing.
 */
export async function publishRun(
  { project: { target, root }, parsed }: OpenProject,
  unsettled: Unsettled | null,
  { command, onEvent }: Pick<BuildOptions, "command" | "onEvent">,
): Promise<void> {
  if (unsettled === null || (command === "test" && unsettled.before === 0)) return;
  const stays = (why: string): void => {
    const message = `${posixRelative(root, publishedPath(target)!)} stays as it was: ${why}`;
    onEvent({ kind: "warning", code: "NOT_PUBLISHED", message, uniqueId: null });
  };
  if (unsettled.ids.size > 0) {
    const names = [...unsettled.ids].map((id) => nameOfId(parsed.graph, id)).toSorted();
    const shown = names.length > 5 ? `${names.slice(0, 5).join(", ")} …` : names.join(", ");
    return stays(`${plural(names.length, "node")} did not succeed in this run or one before it (${shown})`);
  }
  if ((await publishWarehouse(target)) === "busy") stays("another process writes to the warehouse");
}
