import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { ResultColumn, Session } from "../../adapters/adapter.ts";
import { inferPrimaryKeys } from "../../artifacts/primary-keys.ts";
import { readStateManifest } from "../../artifacts/state/read-state.ts";
import { UsageError } from "../../base/errors.ts";
import type { RelationKind } from "../../adapters/adapter.ts";
import type { Relation, RelationNode } from "../../graph/types.ts";
import { relationIn } from "../defer.ts";
import { openProject } from "../open-project.ts";
import type { OpenProject } from "../open-project.ts";
import { isGraphNode, selectNodes } from "../select-nodes.ts";
import type { Selection } from "../select-nodes.ts";
import { withSession } from "../with-session.ts";
import { compareRows } from "./compare-rows.ts";
import type { RowsDiff } from "./compare-rows.ts";
import { nameWithVersion } from "../../graph/versions.ts";

export type DiffOptions = Selection & {
  /** A target of the project, or a folder with the manifest of an earlier state in this warehouse. */
  readonly against: string;
  /** Columns that tell rows apart; else the node's `unique_key`, else what its tests show to be a key. */
  readonly keys?: readonly string[] | undefined;
  /** Only these rows, as SQL that both engines understand. */
  readonly where?: string | undefined;
  /** Of each kind of difference. */
  readonly examples: number;
  /** More rows than this are counted and not compared. */
  readonly maxRows: number;
};

export type NodeDiff = {
  readonly uniqueId: string;
  readonly name: string;
  readonly status: "same" | "differs" | "only here" | "only there" | "nowhere";
  readonly schema: {
    readonly added: readonly ResultColumn[];
    readonly removed: readonly ResultColumn[];
    readonly retyped: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  };
  readonly rows: { readonly here: number; readonly there: number } | null;
  readonly keys: readonly string[];
  /** null: not compared, and why. */
  readonly data: RowsDiff | null;
  readonly why: string | null;
};

type Side = {
  readonly session: Session;
  readonly open: OpenProject;
  relationOf(node: RelationNode): Relation | null;
};

/** Holds what is in this target's warehouse against another: schemas, counts, keys, values. Nothing is changed. */
export async function diffNodes(open: OpenProject, options: DiffOptions): Promise<NodeDiff[]> {
  const { nodes } = selectNodes(open, { ...options, resourceTypes: ["model", "seed", "snapshot"] });
  const chosen = nodes
    .filter(isGraphNode)
    .filter((node): node is RelationNode => node.resourceType !== "test")
    .filter((node) => node.resourceType !== "model" || node.config.materialized !== "ephemeral");
  const inferred = inferPrimaryKeys(open.parsed.graph);
  return withSession(open.project.target, (session) =>
    withOther(open, options.against, session, async (there) => {
      const here: Side = { session, open, relationOf: ({ relation }) => relation };
      const found: NodeDiff[] = [];
      for (const node of chosen) {
        const own = node.resourceType === "seed" ? [] : node.config.unique_key;
        const keys = options.keys ?? (own.length > 0 ? own : (inferred.get(node.uniqueId) ?? []));
        found.push(await diffNode(node, keys, here, there, options));
      }
      return found;
    }),
  );
}

/** A target is a warehouse of its own; a folder tells where in this one an earlier state is. */
async function withOther<T>(
  open: OpenProject,
  against: string,
  session: Session,
  body: (there: Side) => Promise<T>,
): Promise<T> {
  const folder = resolve(open.effects.cwd, against);
  if (existsSync(resolve(folder, "manifest.json"))) {
    const { nodes } = readStateManifest(folder, against);
    return body({
      session,
      open,
      relationOf: ({ uniqueId }) => (nodes[uniqueId] ? relationIn(nodes[uniqueId], null) : null),
    });
  }
  if (against === open.project.target.name) {
    throw new UsageError(
      "DIFF_SAME",
      `"${against}" is the target that is compared`,
      "name another: --against prod",
    );
  }
  const other = await openProject({ projectDir: open.project.root, target: against }, open.effects);
  return withSession(other.project.target, (theirs) =>
    body({
      session: theirs,
      open: other,
      relationOf({ uniqueId }) {
        const node = other.parsed.graph.nodes.get(uniqueId);
        return node === undefined || node.resourceType === "test" ? null : node.relation;
      },
    }),
  );
}

async function diffNode(
  node: RelationNode,
  wanted: readonly string[],
  here: Side,
  there: Side,
  { where, examples, maxRows }: DiffOptions,
): Promise<NodeDiff> {
  const { uniqueId } = node;
  const name = nameWithVersion(node);
  const [mine, theirs] = [await lookAt(node, here), await lookAt(node, there)];
  const nothing = { added: [], removed: [], retyped: [] };
  const bare = { uniqueId, name, schema: nothing, rows: null, keys: wanted, data: null, why: null };
  if (mine === null || theirs === null) {
    const status = mine === null ? (theirs === null ? "nowhere" : "only there") : "only here";
    return { ...bare, status };
  }
  const names = new Map(theirs.columns.map((column) => [column.name.toLowerCase(), column]));
  const known = new Set(mine.columns.map((column) => column.name.toLowerCase()));
  const isOneEngine = here.open.dialect.name === there.open.dialect.name;
  const schema = {
    added: mine.columns.filter((column) => !names.has(column.name.toLowerCase())),
    removed: theirs.columns.filter((column) => !known.has(column.name.toLowerCase())),
    retyped: mine.columns.flatMap((column) => {
      const before = names.get(column.name.toLowerCase());
      return isOneEngine && before && before.type !== column.type
        ? [{ name: column.name, from: before.type, to: column.type }]
        : [];
    }),
  };
  const condition = where === undefined ? "" : ` where ${where}`;
  const count = async ({ session }: Side, relation: string): Promise<number> =>
    Number((await session.query(`select count(*) from ${relation}${condition}`)).rows[0]?.[0]);
  const rows = { here: await count(here, mine.relation), there: await count(there, theirs.relation) };
  const shared = mine.columns.filter((column) => names.has(column.name.toLowerCase()));
  const keys = wanted.map((key) => key.toLowerCase());
  const missing = keys.filter((key) => !shared.some((column) => column.name.toLowerCase() === key));
  const why =
    keys.length === 0
      ? "no key is known: rows are only counted (unique_key, a unique test, or --key)"
      : missing.length > 0
        ? `the key "${missing.join('", "')}" is not on both sides: rows are only counted`
        : Math.max(rows.here, rows.there) > maxRows
          ? `more than ${maxRows} rows: they are only counted (--where takes a part, --max-rows more)`
          : null;
  let data: RowsDiff | null = null;
  if (why === null) {
    const isKey = (column: ResultColumn): boolean => keys.includes(column.name.toLowerCase());
    const ordered = [...shared.filter(isKey), ...shared.filter((column) => !isKey(column))];
    const read = ({ session, open }: Side, relation: string, spelt: (column: ResultColumn) => string) =>
      session.query(
        `select ${ordered.map((column) => open.dialect.quoteIdentifier(spelt(column))).join(", ")} from ${relation}${condition}`,
      );
    data = compareRows(
      await read(here, mine.relation, (column) => column.name),
      await read(there, theirs.relation, (column) => names.get(column.name.toLowerCase())!.name),
      keys.length,
      examples,
    );
  }
  const isSame =
    rows.here === rows.there &&
    schema.added.length + schema.removed.length + schema.retyped.length === 0 &&
    (data === null || data.onlyHere.count + data.onlyThere.count + data.changedRows === 0);
  return { ...bare, status: isSame ? "same" : "differs", schema, rows, data, why };
}

type Looked = { readonly relation: string; readonly columns: readonly ResultColumn[] };

/** A node's relation on one side; null: it is not there. */
async function lookAt(node: RelationNode, side: Side): Promise<Looked | null> {
  const { session, open } = side;
  const relation = side.relationOf(node);
  if (relation === null) return null;
  const kinds: ReadonlyMap<string, RelationKind> = await session.listRelations(relation.schema);
  const key = open.dialect.identifierKey(relation.identifier);
  if (![...kinds.keys()].some((name) => open.dialect.identifierKey(name) === key)) return null;
  return { relation: open.dialect.quoteRelation(relation), columns: await session.columnsOf(relation) };
}
