import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { isEphemeral } from "../graph/relation-nodes.ts";
import type { Session } from "../adapters/adapter.ts";
import { readStateManifest } from "../artifacts/state/read-state.ts";
import type { Entry, StateManifest } from "../artifacts/state/read-state.ts";
import { UsageError } from "../base/errors.ts";
import { readWarehouse } from "../execute/warehouse-state.ts";
import type { Relation, RelationNode } from "../graph/types.ts";
import { readProjectFile } from "../project/read-project-file.ts";
import type { Target } from "../project/types.ts";
import type { OpenProject } from "./open-project.ts";

/**
 * Finds for each node that is read and not selected the relation of the earlier state to read instead: where it is not there now, or in
 * any case with `favorState`. Where the state is of another warehouse, that is attached. `selected` null: everything may be read.
 */
export async function fillDeferred(
  open: OpenProject,
  selected: ReadonlySet<string> | null,
  session: Session | null,
): Promise<void> {
  if (open.defer === undefined) return;
  const { favorState } = open.defer;
  const state = deferState(open);
  const nodes = readNodes(open, selected).filter(({ uniqueId }) => state.nodes[uniqueId] !== undefined);
  const schemas = new Set(nodes.map(({ relation }) => relation.schema));
  const warehouse =
    favorState || session === null ? null : await readWarehouse(session, open.dialect, schemas);
  const away = nodes.filter(({ relation }) => warehouse === null || warehouse.kindOf(relation) === null);
  if (away.length === 0) return;
  const database = await attachState(open, session);
  for (const { uniqueId } of away) open.deferred.set(uniqueId, relationIn(state.nodes[uniqueId]!, database));
  if (session !== null && selected !== null && database === null)
    await refuseMissing(open, session, [...open.deferred.values()]);
}

export const STATE_ELSEWHERE = "if the state is of another warehouse, name its target with --defer-target";

/** What the state has in this warehouse must be there. */
async function refuseMissing(
  { dialect }: OpenProject,
  session: Session,
  found: readonly Relation[],
): Promise<void> {
  const here = found.filter(({ database }) => database === null);
  const warehouse = await readWarehouse(session, dialect, new Set(here.map(({ schema }) => schema)));
  const missing = here
    .filter((relation) => warehouse.kindOf(relation) === null)
    .map((relation) => dialect.quoteRelation(relation));
  if (missing.length === 0) return;
  const more = missing.length > 3 ? ` and ${missing.length - 3} more` : "";
  const what = `${missing.slice(0, 3).join(", ")}${more}, which the state has, ${missing.length === 1 ? "is" : "are"} not in this warehouse`;
  throw new UsageError("STATE_ELSEWHERE", what, STATE_ELSEWHERE);
}

export function deferState(open: OpenProject, who = "--defer"): StateManifest {
  const named = open.defer?.state ?? open.stateFolder;
  if (named !== undefined) return readStateManifest(resolve(open.effects.cwd, named), named);
  throw new UsageError(
    "STATE_MISSING",
    `${who} needs to know where the artifacts of the earlier run are`,
    who === "--defer"
      ? "--state <folder with manifest.json>, or --defer-state where the two differ"
      : "--state <folder with manifest.json>",
  );
}

export const relationIn = (entry: Entry, database: string | null): Relation => ({
  database: database ?? textOf(entry["database"]),
  schema: textOf(entry["schema"]) ?? "",
  identifier: textOf(entry["alias"]) ?? textOf(entry["name"]) ?? "",
});

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** Attaches the other target's warehouse, to read only, and gives its name; null: there is none, or it is the one that is open. */
export async function attachState(open: OpenProject, session: Session | null): Promise<string | null> {
  const name = open.defer?.target;
  if (name === undefined || name === open.project.target.name) return null;
  const { root, target: here } = open.project;
  const { target: there } = await readProjectFile(root, { target: name, env: open.effects.env });
  if (isSamePlace(here, there)) return null;
  if (here.type !== "duckdb" || there.type !== "duckdb" || there.path === ":memory:") {
    throw new UsageError(
      "DEFER_TARGET",
      `the warehouse of "${name}" cannot be read from that of "${here.name}"`,
      "a file of DuckDB can be attached to another, a schema of the same PostgreSQL database can be read",
    );
  }
  const path = there.publish !== undefined && existsSync(there.publish) ? there.publish : there.path;
  const { dialect } = open;
  await session?.run(
    `attach if not exists ${dialect.literal(path)} as ${dialect.quoteIdentifier(attachedAs(name))} (read_only)`,
  );
  return attachedAs(name);
}

const attachedAs = (target: string): string => `state_${target}`;

function isSamePlace(here: Target, there: Target): boolean {
  if (here.type === "duckdb" && there.type === "duckdb") return here.path === there.path;
  if (here.type !== "postgres" || there.type !== "postgres") return false;
  const [a, b] = [here.connection, there.connection];
  return a.host === b.host && a.port === b.port && a.database === b.database;
}

/** Relations that the selected nodes read and that are not selected themselves, through what is ephemeral. */
function readNodes({ parsed: { graph } }: OpenProject, selected: ReadonlySet<string> | null): RelationNode[] {
  const found = new Map<string, RelationNode>();
  const visit = (id: string): void => {
    const node = graph.nodes.get(id);
    if (node === undefined || node.resourceType === "test" || found.has(id) || selected?.has(id)) return;
    if (isEphemeral(node)) for (const parent of graph.parents.get(id) ?? []) visit(parent);
    else found.set(id, node);
  };
  if (selected === null) for (const id of graph.nodes.keys()) visit(id);
  else for (const id of selected) for (const parent of graph.parents.get(id) ?? []) visit(parent);
  return [...found.values()];
}
