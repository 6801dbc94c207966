import { addTo } from "../base/group-by.ts";
import type { RelationNode, SourceNode } from "./types.ts";

/** What `ref` and `source` may mean. */
export type Targets = {
  readonly refs: PackagedNames<RelationNode>;
  /** By `source.table`. */
  readonly sources: PackagedNames<SourceNode>;
};

/** Nodes by names that several packages may give. */
export class PackagedNames<Node extends { readonly packageName: string }> {
  readonly #nodes = new Map<string, (Node | string)[]>();
  readonly #root: string;
  readonly #nodeOf: ((uniqueId: string) => Node) | undefined;

  /** `nodeOf`: finds what was added by its id alone. */
  constructor(root: string, nodeOf?: (uniqueId: string) => Node) {
    this.#root = root;
    this.#nodeOf = nodeOf;
  }

  add(name: string, node: Node | string): void {
    addTo(this.#nodes, name, node);
  }

  /**
   * In dbt's order: the package that is named; else the project itself, so that it may put its own in the place of a package's, then the
   * package that asks, then any other. Several nodes: nothing says which of them is meant.
   */
  find(name: string, packageName: string | null, from: string): readonly Node[] {
    const same = (this.#nodes.get(name) ?? []).map((node) =>
      typeof node === "string" ? this.#nodeOf!(node) : node,
    );
    const within = (of: string): readonly Node[] => same.filter((node) => node.packageName === of);
    if (packageName !== null) return within(packageName);
    if (same.length < 2) return same;
    const near = [this.#root, from].map(within).find(({ length }) => length > 0);
    return near ?? same;
  }

  /** Every name with the ids of what it may mean. */
  *ids(this: PackagedNames<Node & { readonly uniqueId: string }>): Generator<[string, string[]]> {
    for (const [name, nodes] of this.#nodes)
      yield [name, nodes.map((node) => (typeof node === "string" ? node : node.uniqueId))];
  }

  keys(): Iterable<string> {
    return this.#nodes.keys();
  }
}
