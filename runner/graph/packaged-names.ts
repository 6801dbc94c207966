import type { RelationNode, SourceNode } from "./types.ts";

/** What `ref` and `source` may mean. */
export type Targets = {
  readonly refs: PackagedNames<RelationNode>;
  /** By `source.table`. */
  readonly sources: PackagedNames<SourceNode>;
};

type Packaged = { readonly packageName: string; readonly config?: { readonly enabled: boolean } };

/** Nodes by names that several packages may give. */
export class PackagedNames<Node extends Packaged> {
  readonly #nodes = new Map<string, (Node | string)[]>();
  readonly #root: string;
  readonly #nodeOf: ((uniqueId: string) => Node) | undefined;

  /** `nodeOf`: finds what was added by its id alone. */
  constructor(root: string, nodeOf?: (uniqueId: string) => Node) {
    this.#root = root;
    this.#nodeOf = nodeOf;
  }

  /** Whether it is the first of that name. */
  add(name: string, node: Node | string): boolean {
    const same = this.#nodes.get(name);
    if (same === undefined) this.#nodes.set(name, [node]);
    else same.push(node);
    return same === undefined;
  }

  /**
   * In dbt's order: the package that is named; else the project itself, so that it may put its own in the place of a package's, then the
   * package that asks, then any other. Several nodes: nothing says which of them is meant.
   */
  find(name: string, packageName: string | null, from: string): readonly Node[] {
    const same = this.#named(name);
    const found = this.#nearest(same, packageName, from);
    if (found.length === 0 || (found.length === 1 && isOn(found[0]!))) return found;
    // What is switched off stands in nobody's way.
    const others = this.#nearest(same.filter(isOn), packageName, from);
    return others.length === 0 ? found : others;
  }

  #nearest(same: readonly Node[], packageName: string | null, from: string): readonly Node[] {
    if (packageName !== null) return within(packageName, same);
    if (same.length < 2) return same;
    const near = within(this.#root, same);
    if (near.length > 0) return near;
    const own = within(from, same);
    return own.length > 0 ? own : same;
  }

  #named(name: string): readonly Node[] {
    const same = this.#nodes.get(name);
    if (same === undefined) return nobody;
    const nodeOf = this.#nodeOf;
    // Asked for every reference: the list that is there is given out, where it is one of nodes.
    return nodeOf === undefined
      ? (same as Node[])
      : same.map((node) => (typeof node === "string" ? nodeOf(node) : node));
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

const nobody: readonly never[] = [];

const isOn = ({ config }: Packaged): boolean => config?.enabled !== false;

function within<Node extends Packaged>(of: string, nodes: readonly Node[]): readonly Node[] {
  if (nodes.length === 1) return nodes[0]!.packageName === of ? nodes : nobody;
  return nodes.filter((node) => node.packageName === of);
}
