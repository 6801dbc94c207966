import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Adapter, RelationKind, ResultColumn, Session } from "../../adapters/adapter.ts";
import { readStateManifest } from "../../artifacts/state/read-state.ts";
import { UsageError } from "../../base/errors.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import type { Relation, RelationNode } from "../../graph/types.ts";
import { relationIn } from "../defer.ts";
import { openProject } from "../open-project.ts";
import type { OpenProject } from "../open-project.ts";
import { withAdapter } from "../with-session.ts";

/** One of two warehouses, or of two places in one, with a session of its own. */
export type Side = {
  readonly session: Session;
  readonly dialect: Dialect;
  relationOf(node: RelationNode): Relation | null;
  /** A relation of this side for the session of the other; null: it does not reach here. */
  fromOther(relation: Relation): Relation | null;
};

/** A relation that is there: its name quoted, its columns in order. */
export type Looked = {
  readonly relation: string;
  readonly fromOther: string | null;
  readonly columns: readonly ResultColumn[];
};

/** A target is a warehouse of its own; a folder tells where in this one an earlier state is. */
export async function withSides<T>(
  open: OpenProject,
  against: string,
  body: (here: Side, there: Side) => Promise<T>,
): Promise<T> {
  const folder = resolve(open.effects.cwd, against);
  const isFolder = existsSync(resolve(folder, "manifest.json"));
  if (!isFolder && against === open.project.target.name) {
    throw new UsageError(
      "DIFF_SAME",
      `"${against}" is the target that is compared`,
      "name another: --against prod",
    );
  }
  return withAdapter(open.project.target, open.effects.signal, async (adapter) => {
    const here = await sideOf(adapter, ({ relation }) => relation, nowhere);
    if (isFolder) {
      const { nodes } = readStateManifest(folder, against);
      const relationOf: Side["relationOf"] = ({ uniqueId }) =>
        nodes[uniqueId] ? relationIn(nodes[uniqueId], null) : null;
      return body(here, await sideOf(adapter, relationOf, (relation) => relation));
    }
    const other = await openProject({ projectDir: open.project.root, target: against }, open.effects);
    const relationOf: Side["relationOf"] = ({ uniqueId }) => {
      const node = other.parsed.graph.nodes.get(uniqueId);
      return node === undefined || node.resourceType === "test" ? null : node.relation;
    };
    const attached = await adapter.attach(other.project.target);
    if (attached === null)
      return withAdapter(other.project.target, open.effects.signal, async (theirs) =>
        body(here, await sideOf(theirs, relationOf, nowhere)),
      );
    const { database } = attached;
    try {
      const within = (relation: Relation): Relation =>
        database === null ? relation : { ...relation, database };
      return await body(here, await sideOf(attached.adapter, relationOf, within));
    } finally {
      await attached.adapter.close();
    }
  });
}

const nowhere = (): null => null;

const sideOf = async (
  adapter: Adapter,
  relationOf: Side["relationOf"],
  fromOther: Side["fromOther"],
): Promise<Side> => ({ session: await adapter.session(), dialect: adapter.dialect, relationOf, fromOther });

/** A node's relation on one side; null: it is not there. */
export async function lookAt(node: RelationNode, side: Side): Promise<Looked | null> {
  const { session, dialect } = side;
  const relation = side.relationOf(node);
  if (relation === null) return null;
  const kinds: ReadonlyMap<string, RelationKind> = await session.listRelations(relation.schema);
  const key = dialect.identifierKey(relation.identifier);
  if (![...kinds.keys()].some((name) => dialect.identifierKey(name) === key)) return null;
  const other = side.fromOther(relation);
  return {
    relation: dialect.quoteRelation(relation),
    fromOther: other && dialect.quoteRelation(other),
    columns: await session.columnsOf(relation),
  };
}
