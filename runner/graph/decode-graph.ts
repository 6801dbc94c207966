import { isObject } from "../base/json.ts";
import { placesOf } from "../project/yaml.ts";
import type { Path } from "../project/yaml.ts";
import { parseTemplate } from "../template/parse-template.ts";
import type { Source } from "../template/types.ts";
import { LINKED } from "./encode-graph.ts";
import type { GraphIndex } from "./encode-graph.ts";
import { keptHeads } from "./kept-heads.ts";
import { KeyNumbers, LazyMap } from "./lazy-map.ts";
import { PackagedNames } from "./packaged-names.ts";
import type { ParsedProject } from "./parsed-project.ts";
import { replaceShared } from "./shared-fields.ts";
import { templateWith } from "./templates.ts";
import type { TemplateFinder } from "./templates.ts";
import type { AnyNode, Graph, GraphNode, RelationNode, SourceNode } from "./types.ts";

/**
 * The graph that {@link encodeGraph} made `bytes` of: nodes are read when they are asked for. `textOf` reads a file of the project, for places
 * that nobody had asked for.
 */
export function decodeGraph(
  bytes: Buffer,
  index: GraphIndex,
  textOf: (file: string) => string,
): Omit<ParsedProject, "library" | "docs"> {
  const decoder = new NodeDecoder(index, textOf);
  const graph: Record<string, unknown> = Object.fromEntries(index.plain);
  const idsOf = new Map(index.parts.map(([name, ids]) => [name, ids]));
  const firsts = new Map<string, number>();
  const linked: string[] = [];
  for (const part of LINKED) {
    firsts.set(part, linked.length);
    for (const id of idsOf.get(part)!) linked.push(id);
  }
  const numbers = new KeyNumbers(linked);
  let begin = 0;
  for (const [name, ids, lengths] of index.parts) {
    const begins: number[] = [];
    let size = 0;
    for (const length of lengths) {
      begins.push(size);
      size += length;
    }
    const part = bytes.subarray(begin, begin + size);
    // Small parts do not hold on to the whole, of which nothing is needed once all nodes have been read.
    const own = size < 1_000_000 ? Buffer.from(part) : part;
    const make = (i: number): AnyNode =>
      decoder.decode(own.toString("utf8", begins[i], begins[i]! + lengths[i]!));
    const first = firsts.get(name);
    graph[name] = new LazyMap(ids, make, first === undefined ? undefined : numbers, first);
    begin += size;
  }
  const whole = graph as Graph;
  for (const [name, flat] of index.links) graph[name] = linksOf(linked, numbers, flat);
  const nodeOf = (id: string): GraphNode => (whole.nodes.get(id) ?? whole.disabled.get(id)) as GraphNode;
  const refs = new PackagedNames<RelationNode>(whole.projectName, (id) => nodeOf(id) as RelationNode);
  const sources = new PackagedNames<SourceNode>(whole.projectName, (id) => whole.sources.get(id)!);
  for (const [name, ids] of index.refs) for (const id of ids) refs.add(name, id);
  for (const [name, ids] of index.sources) for (const id of ids) sources.add(name, id);
  return {
    graph: whole,
    heads: keptHeads(index.heads, linked, numbers),
    templates: new KnownTemplates(index.templates, linked, nodeOf),
    introspective: new Set(index.introspective),
    targets: { refs, sources },
  };
}

function linksOf(
  ids: readonly string[],
  numbers: KeyNumbers,
  flat: readonly number[],
): LazyMap<readonly string[]> {
  const begins: number[] = [];
  for (let at = 0; at < flat.length; at += flat[at]! + 1) begins.push(at);
  const make = (i: number): readonly string[] => {
    const at = begins[i]!;
    return flat.slice(at + 1, at + 1 + flat[at]!).map((other) => ids[other]!);
  };
  return new LazyMap(ids, make, numbers);
}

const emptyMap: ReadonlyMap<unknown, unknown> = new Map();

class NodeDecoder {
  readonly #index: GraphIndex;
  readonly #textOf: (file: string) => string;
  readonly #shared: unknown[] = [];
  readonly #places = new Map<string, ReturnType<typeof placesOf>>();

  constructor(index: GraphIndex, textOf: (file: string) => string) {
    this.#index = index;
    this.#textOf = textOf;
  }

  decode(text: string): AnyNode {
    const [node, marked] = JSON.parse(text) as [Record<string, unknown>, string[]];
    for (let i = 0; i < marked.length; i++) node[marked[i]!] = this.#inside(node[marked[i]!]);
    replaceShared(node, this.#sharedAt);
    return node as AnyNode;
  }

  readonly #sharedAt = (value: unknown): unknown => {
    if (typeof value !== "number") return value;
    const known = this.#shared[value];
    return known === undefined ? (this.#shared[value] = JSON.parse(this.#index.shared[value]!)) : known;
  };

  #revive(value: unknown): unknown {
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) {
        const inner: unknown = value[i];
        const revived = this.#inside(inner);
        if (revived !== inner) value[i] = revived;
      }
      return value;
    }
    const { mark } = this.#index;
    const object = value as Record<string, unknown>;
    for (const key in object) {
      const inner = object[key];
      if (key.startsWith(mark)) {
        if (key.endsWith("map")) return this.#map(inner as [unknown, unknown][]);
        return this.#placesOf(object["file"] as string)(inner as Path);
      }
      // What stays as it is is not written again: a key may be `__proto__`.
      const revived = this.#inside(inner);
      if (revived !== inner) object[key] = revived;
    }
    return object;
  }

  #inside(inner: unknown): unknown {
    return typeof inner === "object" && inner !== null ? this.#revive(inner) : inner;
  }

  #map(entries: [unknown, unknown][]): ReadonlyMap<unknown, unknown> {
    return entries.length === 0 ? emptyMap : new Map(this.#revive(entries) as [unknown, unknown][]);
  }

  #placesOf(file: string): (path: Path) => unknown {
    let places = this.#places.get(file);
    if (places === undefined) this.#places.set(file, (places = placesOf(file, () => this.#textOf(file))));
    return places;
  }
}

/** Templates are parsed when they are asked for, and not kept. */
class KnownTemplates implements TemplateFinder {
  /** null: its own SQL. */
  readonly #known = new Map<string, readonly [string | null, string | null] | null>();
  readonly #nodeOf: (id: string) => GraphNode | undefined;

  constructor(known: GraphIndex["templates"], linked: readonly string[], nodeOf: (id: string) => GraphNode) {
    this.#nodeOf = nodeOf;
    for (const one of known)
      if (typeof one === "number") this.#known.set(linked[one]!, null);
      else this.#known.set(one[0], [one[1], one[2]]);
  }

  get(uniqueId: string): ReturnType<TemplateFinder["get"]> {
    const source = this.#sourceOf(uniqueId);
    if (source === undefined) return templateWith(this.#nodeOf(uniqueId));
    return parseTemplate(source.file, source.text).template;
  }

  *sources(): Generator<[string, Source]> {
    for (const id of this.#known.keys()) yield [id, this.#sourceOf(id)!];
  }

  #sourceOf(id: string): Source | undefined {
    const known = this.#known.get(id);
    if (known === undefined) return undefined;
    const [file, text] = known ?? ownSql;
    if (file !== null) return { file, text: text! };
    const node = this.#nodeOf(id)!;
    return { file: node.place.file, text: (node as { readonly rawCode: string }).rawCode };
  }
}

const ownSql = [null, null] as const;

/** Whether what was read of a file is an index: what is not of this shape is not trusted. */
export const isGraphIndex = (value: unknown): value is GraphIndex =>
  isObject(value) && typeof value["mark"] === "string" && Array.isArray(value["parts"]);
