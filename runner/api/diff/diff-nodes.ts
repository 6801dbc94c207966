import { isRelation } from "../../graph/relation-nodes.ts";
import type { ResultColumn } from "../../adapters/adapter.ts";
import { inferPrimaryKey } from "../../artifacts/primary-keys.ts";
import type { RelationNode } from "../../graph/types.ts";
import { nameWithVersion } from "../../graph/versions.ts";
import type { OpenProject } from "../open-project.ts";
import { selectNodes } from "../select-nodes.ts";
import type { Selection } from "../select-nodes.ts";
import { countRows } from "./checksums.ts";
import type { Rows } from "./checksums.ts";
import { compareRelations } from "./compare-relations.ts";
import type { Compared } from "./compare-relations.ts";
import type { RowsDiff, SharedColumn } from "./compare-rows.ts";
import { lookAt, withSides } from "./sides.ts";
import type { Looked, Side } from "./sides.ts";

export type DiffOptions = Selection & {
  /** A target of the project, or a folder with the manifest of an earlier state in this warehouse. */
  readonly against: string;
  /** Columns that tell rows apart; else the node's `unique_key`, of a snapshot with `dbt_valid_from`, else what its tests show to be a key. */
  readonly keys?: readonly string[] | undefined;
  /** Only these rows, as SQL that both engines understand. */
  readonly where?: string | undefined;
  /** Of each kind of difference. */
  readonly examples: number;
  /** More rows than this are counted and not compared; undefined: all are compared. */
  readonly maxRows: number | undefined;
};

export type NodeDiff = {
  readonly uniqueId: string;
  readonly name: string;
  /** `counted`: rows were only counted, and there are as many. */
  readonly status: "same" | "counted" | "differs" | "only here" | "only there" | "nowhere";
  readonly schema: {
    readonly added: readonly ResultColumn[];
    readonly removed: readonly ResultColumn[];
    readonly retyped: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  };
  readonly rows: { readonly here: number; readonly there: number } | null;
  readonly keys: readonly string[];
  /** null: rows were only counted. */
  readonly data: RowsDiff | null;
  /** Why they were, or why comparing them took as long as it did. */
  readonly why: string | null;
};

/** Holds what is in this target's warehouse against another: schemas, counts, keys, values. Nothing is changed. */
export async function diffNodes(open: OpenProject, options: DiffOptions): Promise<NodeDiff[]> {
  const { nodes } = selectNodes(open, { ...options, resourceTypes: ["model", "seed", "snapshot"] });
  const chosen = nodes.filter(isRelation);
  return withSides(open, options.against, async (here, there) => {
    const found: NodeDiff[] = [];
    for (const node of chosen) {
      const own = ownKey(node);
      const keys = options.keys ?? (own.length > 0 ? own : inferPrimaryKey(open.parsed.graph, node));
      found.push(await diffNode(node, keys, here, there, options));
    }
    return found;
  });
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
  const isOneEngine = here.dialect.name === there.dialect.name;
  const { schema, shared } = compareColumns(mine.columns, theirs.columns, isOneEngine);
  const isKey = ({ name }: SharedColumn): boolean => wanted.some((key) => isSameName(key, name));
  const ordered = [...shared.filter(isKey), ...shared.filter((column) => !isKey(column))];
  const ours = rowsOf(here, mine, ordered, where);
  const others = rowsOf(there, theirs, ordered, where);
  const rows = { here: await countRows(ours), there: await countRows(others) };
  const most = Math.max(rows.here, rows.there);
  const missing = wanted.filter((key) => !shared.some(({ name }) => isSameName(key, name)));
  const keys = shared.filter(isKey).length;
  const { data, why }: Compared =
    wanted.length === 0
      ? counted("no key is known: rows are only counted (unique_key, a unique test, or --key)")
      : missing.length > 0
        ? counted(`the key "${missing.join('", "')}" is not on both sides: rows are only counted`)
        : maxRows !== undefined && most > maxRows
          ? counted(
              `more than ${maxRows} rows: they are only counted (--where takes a part, --max-rows more)`,
            )
          : await compareRelations(ours, others, { shared: ordered, keys, examples, rows: most });
  const isSame =
    rows.here === rows.there &&
    schema.added.length + schema.removed.length + schema.retyped.length === 0 &&
    (data === null || data.onlyHere.count + data.onlyThere.count + data.changedRows === 0);
  const status = !isSame ? "differs" : data === null ? "counted" : "same";
  return { ...bare, status, schema, rows, data, why };
}

/** Whether anything was found to be another. */
export const isDifferent = ({ status }: NodeDiff): boolean => status !== "same" && status !== "counted";

const counted = (why: string): Compared => ({ data: null, why });

/** A snapshot has a row of each key for every time at which it changed. */
function ownKey(node: RelationNode): readonly string[] {
  if (node.resourceType === "seed") return [];
  const { unique_key: key } = node.config;
  if (node.resourceType === "model" || key.length === 0) return key;
  return [...key, node.config.snapshot_meta_column_names.dbt_valid_from];
}

const isSameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** The same columns in the same order, as one side spells and types them. */
function rowsOf(
  { session, dialect }: Side,
  { relation, fromOther, columns }: Looked,
  shared: readonly SharedColumn[],
  where: string | undefined,
): Rows {
  const own = shared.map(({ name }) => columns.find((column) => isSameName(column.name, name))!);
  const quoted = own.map(({ name, type }) => ({ name: dialect.quoteIdentifier(name), type }));
  return { session, dialect, relation, fromOther, columns: quoted, where };
}

/** Types of two engines are not compared: they have different names for the same. */
function compareColumns(
  here: readonly ResultColumn[],
  there: readonly ResultColumn[],
  isOneEngine: boolean,
): { readonly schema: NodeDiff["schema"]; readonly shared: readonly SharedColumn[] } {
  const among = (columns: readonly ResultColumn[], { name }: ResultColumn): ResultColumn | undefined =>
    columns.find((column) => isSameName(column.name, name));
  const shared = here.flatMap((column) => {
    const other = among(there, column);
    return other ? [{ name: column.name, here: column.type, there: other.type }] : [];
  });
  const retyped = shared.filter((column) => isOneEngine && column.here !== column.there);
  return {
    shared,
    schema: {
      added: here.filter((column) => among(there, column) === undefined),
      removed: there.filter((column) => among(here, column) === undefined),
      retyped: retyped.map(({ name, here: to, there: from }) => ({ name, from, to })),
    },
  };
}
