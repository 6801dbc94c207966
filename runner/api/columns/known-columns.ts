import type { ResultColumn } from "../../adapters/adapter.ts";
import { QueryError } from "../../adapters/query-error.ts";
import { sha256 } from "../../base/hash.ts";
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
 * asked of an empty DuckDB. For another engine than DuckDB the names are those that `read` finds, without types. What was found
 * before is not asked again.
 */
export async function knownColumns(
  open: OpenProject,
  ids: ReadonlySet<string>,
  read: ReadQuery | null,
): Promise<KnownColumns> {
  const cache = readColumnsCache(open.targetFolder);
  const settings = read ? {} : open.project.target.settings;
  return withScratch(settings, async (scratch) => {
    const finder = new ColumnFinder(open, cache, scratch, read);
    for (const node of open.parsed.graph.nodes.values()) {
      if (node.resourceType !== "test" && ids.has(node.uniqueId)) await finder.find(node);
    }
    await finder.describeSources();
    cache.save();
    return finder;
  });
}

class ColumnFinder implements KnownColumns {
  readonly flat: FlatProject;
  readonly columns = new Map<string, readonly ResultColumn[]>();
  readonly failures: Failure[] = [];
  /** By key of relation; columns of sources differ by edition. */
  readonly #tables = new Map<string, { relation: string; columns: readonly string[] | null }>();
  readonly #types = new Map<string, readonly ResultColumn[] | null>();
  /** What the scratch warehouse does not have yet, by unique id. */
  readonly #missing = new Map<string, () => Promise<void>>();
  readonly #open: OpenProject;
  readonly #cache: ColumnsCache;
  readonly #scratch: () => Promise<ScratchWarehouse>;
  readonly #read: ReadQuery | null;

  constructor(
    open: OpenProject,
    cache: ColumnsCache,
    scratch: () => Promise<ScratchWarehouse>,
    read: ReadQuery | null,
  ) {
    this.flat = flatten(open);
    this.#open = open;
    this.#cache = cache;
    this.#scratch = scratch;
    this.#read = read;
  }

  readonly catalog: Catalog = (parts) => this.#tables.get(keyOf(parts.slice(-2)));

  typesOf(parts: readonly string[]): readonly ResultColumn[] | null {
    return this.#types.get(keyOf(parts.slice(-2))) ?? null;
  }

  async find(node: RelationNode): Promise<void> {
    const { uniqueId, relation } = node;
    const key = this.#keyOf(node);
    let found = this.#cache.get(uniqueId, key);
    if (found === undefined) {
      found = await this.#ask(node);
      if (this.failures.at(-1)?.node !== node) this.#cache.set(uniqueId, key, found);
    } else if (found) {
      const columns = found;
      this.#missing.set(uniqueId, async () => (await this.#scratch()).create(relation, columns));
    }
    this.#note(uniqueId, relation, found);
  }

  /** Sources are known once a query has named them. */
  async describeSources(): Promise<void> {
    for (const source of this.flat.sources()) {
      const key = keyOf([source.relation.schema, source.relation.identifier]);
      if (!this.#tables.has(key)) this.#note(source.uniqueId, source.relation, await this.#askSource(source));
    }
  }

  async #askSource({ uniqueId, relation, landed }: FlatSource): Promise<readonly ResultColumn[] | null> {
    if (landed === null) return null;
    const [id, key] = [`${uniqueId} ${relation.identifier}`, sha256(landed)];
    const known = this.#cache.get(id, key);
    const scratch = await this.#scratch();
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

  async #ask(node: RelationNode): Promise<readonly ResultColumn[] | null> {
    if (node.resourceType === "seed") {
      const path = fileOf(this.#open, node);
      return (await this.#scratch()).createSeed(node, path);
    }
    await this.describeSources();
    const sql = this.flat.compiler.compile(node.uniqueId).body;
    if (this.#read) {
      const names = namesOf(this.#read(sql, this.catalog));
      if (names === null || node.resourceType !== "snapshot") return names;
      return snapshotColumns(node, names).map(({ name }) => ({ name, type: "" }));
    }
    for (const parent of this.#open.parsed.graph.parents.get(node.uniqueId) ?? []) {
      await this.#missing.get(parent)?.();
      this.#missing.delete(parent);
    }
    const scratch = await this.#scratch();
    try {
      const found = await scratch.createAs(node.relation, sql);
      if (node.resourceType !== "snapshot") return found;
      const columns = snapshotColumns(node, found);
      await scratch.create(node.relation, columns);
      return columns;
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      this.failures.push({ node, error });
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
    const above = parents.map((parent) => this.columns.get(parent) ?? null);
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
