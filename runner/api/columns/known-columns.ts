import { availableParallelism } from "node:os";
import type { ResultColumn } from "../../adapters/adapter.ts";
import { QueryError } from "../../adapters/query-error.ts";
import { sha256 } from "../../base/hash.ts";
import { schedule } from "../../execute/schedule.ts";
import type { Catalog, QueryColumns } from "../../graph/columns/types.ts";
import type { ModelNode, Relation, RelationNode, SnapshotNode } from "../../graph/types.ts";
import { seedFingerprint } from "../../plan/plan-seed.ts";
import { fileOf } from "../open-project.ts";
import type { OpenProject } from "../open-project.ts";
import { readColumnsCache } from "./columns-cache.ts";
import type { ColumnsCache } from "./columns-cache.ts";
import { flatten, keyOf } from "./flat-project.ts";
import type { FlatProject, FlatSource } from "./flat-project.ts";
import { withScratch } from "./scratch-warehouse.ts";
import type { ScratchWarehouse } from "./scratch-warehouse.ts";
import { snapshotColumns } from "./snapshot-columns.ts";

export type QueryNode = ModelNode | SnapshotNode;
export type Failure = { readonly node: QueryNode; readonly error: QueryError };

export type KnownColumns = {
  readonly flat: FlatProject;
  /** Columns by unique id, with DuckDB's types where DuckDB is the engine; a node that is not here has columns that are not known. */
  readonly columns: ReadonlyMap<string, readonly ResultColumn[]>;
  /** Queries that the engine refuses. */
  readonly failures: readonly Failure[];
  readonly catalog: Catalog;
  /** Columns of one relation, by the last two parts of its name; null: not known. */
  typesOf(parts: readonly string[]): readonly ResultColumn[] | null;
};

/** Reads a query without running it: what it returns and what it is made of. */
export type ReadQuery = (sql: string, catalog: Catalog) => QueryColumns;

/**
 * What columns every node of `ids` has, parents first, without the warehouse: seeds and landed files say so themselves, queries are
 * asked of an empty DuckDB, several at once. For another engine than DuckDB the names are those that `read` finds, without types. What was
 * found before is not asked again.
 */
export async function knownColumns(
  open: OpenProject,
  ids: ReadonlySet<string>,
  read: ReadQuery | null,
): Promise<KnownColumns> {
  const cache = readColumnsCache(open.targetFolder);
  const settings = read ? {} : open.project.target.settings;
  return withScratch(settings, async (openScratch) => {
    const finder = new ColumnFinder(open, cache, read);
    const { parents, nodes } = open.parsed.graph;
    const asked = new Map<string, RelationNode>();
    for (const node of nodes.values()) {
      if (node.resourceType === "test" || !ids.has(node.uniqueId)) continue;
      // What it is made of may turn out to have other columns than it had.
      const isAbove = (parents.get(node.uniqueId) ?? []).some((parent) => asked.has(parent));
      if (isAbove || !finder.recall(node)) asked.set(node.uniqueId, node);
    }
    const tasks = Array.from(asked.keys(), (id) => ({ id, parents: parents.get(id) ?? [] }));
    await schedule(tasks, {
      threads: Math.min(availableParallelism(), MOST_SCRATCHES),
      openWorker: () => Promise.resolve(openScratch()),
      run: async (id, scratch) => {
        await finder.find(asked.get(id)!, scratch);
        return { result: null, blocks: false };
      },
      skip: () => null,
    });
    await finder.describeSources(openScratch());
    cache.save();
    return finder;
  });
}

/** Each is a session that a thread of the process waits for; main keeps up with no more. */
const MOST_SCRATCHES = 4;

class ColumnFinder implements KnownColumns {
  readonly flat: FlatProject;
  readonly columns = new Map<string, readonly ResultColumn[]>();
  readonly #failed = new Map<string, Failure>();
  /** By key of relation; columns of sources differ by edition. */
  readonly #tables = new Map<string, { relation: string; columns: readonly string[] | null }>();
  readonly #types = new Map<string, readonly ResultColumn[] | null>();
  /** What the scratch warehouse does not have yet, by unique id. */
  readonly #missing = new Map<string, (scratch: ScratchWarehouse) => Promise<void>>();
  /** Made once, whoever asks first; by unique id, or key of a source's relation. */
  readonly #made = new Map<string, Promise<void>>();
  readonly #open: OpenProject;
  readonly #cache: ColumnsCache;
  readonly #read: ReadQuery | null;

  constructor(open: OpenProject, cache: ColumnsCache, read: ReadQuery | null) {
    this.flat = flatten(open);
    this.#open = open;
    this.#cache = cache;
    this.#read = read;
  }

  /** In the order of the graph, whichever was asked first. */
  get failures(): readonly Failure[] {
    return [...this.#open.parsed.graph.nodes.keys()].flatMap((id) => this.#failed.get(id) ?? []);
  }

  readonly catalog: Catalog = (parts) => this.#tables.get(keyOf(parts.slice(-2)));

  typesOf(parts: readonly string[]): readonly ResultColumn[] | null {
    return this.#types.get(keyOf(parts.slice(-2))) ?? null;
  }

  /** Takes what was found before, if all that it follows from is the same. */
  recall(node: RelationNode, key = this.#keyOf(node)): boolean {
    const { uniqueId, relation } = node;
    const found = this.#cache.get(uniqueId, key);
    if (found === undefined) return false;
    if (found) this.#missing.set(uniqueId, (scratch) => scratch.create(relation, found));
    this.#note(uniqueId, relation, found);
    return true;
  }

  /** The parents are known. */
  async find(node: RelationNode, scratch: ScratchWarehouse): Promise<void> {
    const key = this.#keyOf(node);
    if (this.recall(node, key)) return;
    const { uniqueId, relation } = node;
    const found = await this.#ask(node, scratch);
    if (!this.#failed.has(uniqueId)) this.#cache.set(uniqueId, key, found);
    this.#note(uniqueId, relation, found);
  }

  /** Those that compiled queries have named; of one node, or of all. */
  async describeSources(
    scratch: ScratchWarehouse,
    sources: Iterable<FlatSource> = this.flat.sources(),
  ): Promise<void> {
    for (const source of sources) {
      const key = keyOf([source.relation.schema, source.relation.identifier]);
      // A source may be what a model builds, of which more is known.
      if (this.#tables.has(key)) continue;
      await this.#once(key, async () =>
        this.#note(source.uniqueId, source.relation, await this.#askSource(source, scratch)),
      );
    }
  }

  #once(key: string, make: () => Promise<void>): Promise<void> {
    let making = this.#made.get(key);
    if (making === undefined) this.#made.set(key, (making = make()));
    return making;
  }

  async #askSource(
    { uniqueId, relation, landed }: FlatSource,
    scratch: ScratchWarehouse,
  ): Promise<readonly ResultColumn[] | null> {
    if (landed === null) return null;
    const [id, key] = [`${uniqueId} ${relation.identifier}`, sha256(landed)];
    const known = this.#cache.get(id, key);
    try {
      if (known) await scratch.create(relation, known);
      const found = known ?? (await scratch.createAs(relation, `select * from ${landed}`));
      this.#cache.set(id, key, found);
      return found;
    } catch (error) {
      // Files that cannot be read are told by the run that reads them.
      if (error instanceof QueryError) return null;
      throw error;
    }
  }

  async #ask(node: RelationNode, scratch: ScratchWarehouse): Promise<readonly ResultColumn[] | null> {
    if (node.resourceType === "seed") return scratch.createSeed(node, fileOf(this.#open, node));
    const parents = this.#open.parsed.graph.parents.get(node.uniqueId) ?? [];
    const sql = this.flat.compiler.compile(node.uniqueId).body;
    for (const parent of parents) await this.describeSources(scratch, this.flat.sourcesOf(parent));
    if (this.#read) {
      const names = namesOf(this.#read(sql, this.catalog));
      if (names === null || node.resourceType !== "snapshot") return names;
      return snapshotColumns(node, names).map(({ name }) => ({ name, type: "" }));
    }
    for (const parent of parents) {
      const make = this.#missing.get(parent);
      if (make) await this.#once(parent, () => make(scratch));
    }
    try {
      const found = await scratch.createAs(node.relation, sql);
      if (node.resourceType !== "snapshot") return found;
      const columns = snapshotColumns(node, found);
      await scratch.create(node.relation, columns);
      return columns;
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      this.#failed.set(node.uniqueId, { node, error });
      return null;
    }
  }

  /** Everything that a node's columns follow from. */
  #keyOf(node: RelationNode): string {
    if (node.resourceType === "seed") return seedFingerprint(node);
    const parents = this.#open.parsed.graph.parents.get(node.uniqueId) ?? [];
    // Compiling names the sources.
    const sql = this.flat.compiler.compile(node.uniqueId).body;
    const landed = parents.flatMap((parent) => this.flat.sourcesOf(parent).map((source) => source.landed));
    const config = node.resourceType === "snapshot" ? node.config : null;
    // Of sources that is said by what has landed, whether they have been looked at or not.
    const { sources } = this.#open.parsed.graph;
    const above = parents.map((id) => (sources.has(id) ? null : (this.columns.get(id) ?? null)));
    return sha256(JSON.stringify([this.#open.dialect.name, sql, config, above, landed]));
  }

  #note(uniqueId: string, relation: Relation, found: readonly ResultColumn[] | null): void {
    const columns = found?.map(({ name }) => name) ?? null;
    const key = keyOf([relation.schema, relation.identifier]);
    this.#tables.set(key, { relation: uniqueId, columns });
    this.#types.set(key, found);
    if (!found) return;
    // Of a source in several editions or parts, all columns that any of them has.
    const before = this.columns.get(uniqueId) ?? [];
    const known = new Set(before.map(({ name }) => name.toLowerCase()));
    this.columns.set(uniqueId, [...before, ...found.filter(({ name }) => !known.has(name.toLowerCase()))]);
  }
}

/** Names alone, where all of them are known. */
function namesOf({ columns, open }: QueryColumns): readonly ResultColumn[] | null {
  if (open || columns.some(({ name }) => name === null)) return null;
  return columns.map(({ name }) => ({ name: name ?? "", type: "" }));
}
