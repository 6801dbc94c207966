import { LazyMap } from "./lazy-map.ts";
import type { KeyNumbers } from "./lazy-map.ts";
import { headOf } from "./select/listed.ts";
import type { Head, KnownHeads } from "./select/listed.ts";
import type { AnyNode } from "./types.ts";

/** Heads of nodes beside their unique ids, in which the last parts of their fully qualified names stand. */
export type KeptHeads = {
  /** The other parts of those names, each list once. */
  readonly folders: readonly (readonly string[])[];
  readonly tags: readonly (readonly string[])[];
  readonly paths: readonly string[];
  /**
   * Of each node, which of the folders it has, how many letters of its id come after the name, which tags and paths are its own, and which path
   * is its property file's, or -1. -1 for the folders: the node has to be read.
   */
  readonly flat: readonly number[];
};
const WIDTH = 5;

export function keepHeads(nodes: Iterable<AnyNode>): KeptHeads {
  const [folders, tags, paths] = [new Lists(), new Lists(), new Numbers()];
  const flat: number[] = [];
  for (const node of nodes) {
    const { uniqueId } = node;
    const { fqn, originalFilePath, patchPath, version, tags: own } = headOf(node);
    const name = fqn.at(-1) ?? "";
    const begin = beginOf(uniqueId, fqn[0] ?? "");
    if (version !== null || !uniqueId.startsWith(name, begin)) {
      flat.push(-1, 0, 0, 0, 0);
      continue;
    }
    flat.push(
      folders.of(fqn.slice(0, -1)),
      uniqueId.length - begin - name.length,
      tags.of(own),
      paths.of(originalFilePath),
      patchPath === null ? -1 : paths.of(patchPath),
    );
  }
  return { folders: folders.values, tags: tags.values, paths: paths.values, flat };
}

/** `ids`: of the nodes whose heads were kept, in that order. */
export function keptHeads(
  { folders, tags, paths, flat }: KeptHeads,
  ids: readonly string[],
  numbers?: KeyNumbers,
): KnownHeads {
  const make = (i: number): Head | null => {
    const at = WIDTH * i;
    const others = folders[flat[at]!];
    if (others === undefined) return null;
    const id = ids[i]!;
    return {
      fqn: [...others, id.slice(beginOf(id, others[0]!), id.length - flat[at + 1]!)],
      tags: tags[flat[at + 2]!]!,
      originalFilePath: paths[flat[at + 3]!]!,
      patchPath: paths[flat[at + 4]!] ?? null,
      version: null,
    };
  };
  const heads = new LazyMap(ids, make, numbers);
  return (id) => heads.get(id) ?? undefined;
}

/** Where the name begins in `model.shop.orders`. */
const beginOf = (uniqueId: string, packageName: string): number =>
  uniqueId.indexOf(".") + packageName.length + 2;

/** Gives texts that are alike one number, in the order in which they come. */
class Numbers {
  readonly values: string[] = [];
  readonly #known = new Map<string, number>();

  of(value: string): number {
    let number = this.#known.get(value);
    if (number === undefined) this.#known.set(value, (number = this.values.push(value) - 1));
    return number;
  }
}

/** The same of lists; one is often like the one before. */
class Lists {
  readonly values: (readonly string[])[] = [];
  readonly #keys = new Numbers();
  #last: readonly string[] | undefined;
  #number = 0;

  of(list: readonly string[]): number {
    const last = this.#last;
    if (last?.length === list.length && list.every((part, i) => part === last[i])) return this.#number;
    this.#number = this.#keys.of(JSON.stringify(list));
    if (this.#number === this.values.length) this.values.push(list);
    this.#last = list;
    return this.#number;
  }
}
