import { withPathsAsPlaces } from "../project/yaml.ts";
import type { ParsedProject } from "./parsed-project.ts";
import type { Graph, GraphNode } from "./types.ts";

/**
 * What stands at the end of an encoded graph: where everything else is. Whatever fields nodes have are kept as they are; `mark` is in no
 * text of them and begins the keys of what JSON has no form for.
 */
export type GraphIndex = {
  readonly mark: string;
  /** What is no map. */
  readonly plain: readonly (readonly [name: string, value: unknown])[];
  /** Ids of nodes and the bytes that each takes, one after the other, by part of the graph. */
  readonly parts: readonly (readonly [name: string, ids: readonly string[], bytes: readonly number[]])[];
  /** By part: what each of `linked` goes to, as its count and indices. */
  readonly links: readonly (readonly [name: string, flat: readonly number[]])[];
  readonly linked: readonly string[];
  /** As JSON: thousands of nodes share a few. */
  readonly configs: readonly string[];
  readonly introspective: readonly string[];
  readonly refs: readonly (readonly [name: string, ids: readonly string[]])[];
  readonly sources: readonly (readonly [name: string, ids: readonly string[]])[];
  /** Of templates that are not the SQL of their node as it stands there; null: they are. */
  readonly templates: readonly (readonly [id: string, file: string | null, text: string | null])[];
};

/** A graph as text, a node with the names of its marked fields at a time, and last its index. `mark` must be of letters and figures, and in nothing that anybody wrote. */
export function* encodeGraph(parsed: ParsedProject, mark: string): Generator<string, GraphIndex> {
  const { parents } = parsed.graph;
  const encoder = new NodeEncoder(mark);
  const parts: [string, string[], number[]][] = [];
  const plain: [string, unknown][] = [];
  const linked = [...parents.keys()];
  const indices = new Map(linked.map((id, index) => [id, index]));
  const links: [string, number[]][] = [];
  for (const [name, map] of Object.entries(parsed.graph) as [string, unknown][]) {
    if (typeof map === "string" || Array.isArray(map)) {
      plain.push([name, map]);
      continue;
    }
    if (name === "parents" || name === "children") {
      const flat: number[] = [];
      for (const id of linked) {
        const others = (map as Graph["parents"]).get(id) ?? [];
        flat.push(others.length, ...others.map((other) => indices.get(other)!));
      }
      links.push([name, flat]);
      continue;
    }
    const bytes: number[] = [];
    const nodes = map as Graph["nodes"];
    for (const node of nodes.values()) {
      const text = encoder.encode(node);
      bytes.push(Buffer.byteLength(text));
      yield text;
    }
    parts.push([name, [...nodes.keys()], bytes]);
  }
  return {
    mark,
    plain,
    parts,
    links,
    linked,
    configs: encoder.configs(),
    introspective: [...parsed.introspective],
    refs: [...parsed.targets.refs.ids()],
    sources: [...parsed.targets.sources.ids()],
    templates: Array.from(parsed.templates.sources(), ([id, { file, text }]) => {
      const node = parsed.graph.nodes.get(id) ?? parsed.graph.disabled.get(id);
      const isItsOwn = node !== undefined && "rawCode" in node && node.rawCode === text;
      return isItsOwn && node.place.file === file ? [id, null, null] : [id, file, text];
    }),
  };
}

class NodeEncoder {
  readonly #mark: string;
  readonly #configs = new Map<unknown, number>();

  constructor(mark: string) {
    this.#mark = mark;
  }

  encode(node: object): string {
    return withPathsAsPlaces(`${this.#mark}place`, () => {
      let text = "";
      const marked: string[] = [];
      for (const [key, value] of Object.entries(node) as [string, unknown][]) {
        if (value === undefined) continue;
        const spelt = this.#value(key, value);
        if (spelt.includes(this.#mark)) marked.push(key);
        text += `${text === "" ? "{" : ","}${JSON.stringify(key)}:${spelt}`;
      }
      return `[${text}},${JSON.stringify(marked)}]`;
    });
  }

  #value(key: string, value: unknown): string {
    if (key === "config") return `{"${this.#mark}config":${this.#config(value)}}`;
    if (value instanceof Map) return `{"${this.#mark}map":${JSON.stringify([...value])}}`;
    return JSON.stringify(value);
  }

  #config(config: unknown): number {
    let index = this.#configs.get(config);
    if (index === undefined) this.#configs.set(config, (index = this.#configs.size));
    return index;
  }

  configs(): string[] {
    return Array.from(this.#configs.keys(), (config) => JSON.stringify(config as GraphNode["config"]));
  }
}
