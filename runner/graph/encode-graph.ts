import { InStep } from "../base/in-step.ts";
import { withPathsAsPlaces } from "../project/yaml.ts";
import { PlainColumns } from "./column-infos.ts";
import { keepHeads } from "./kept-heads.ts";
import type { KeptHeads } from "./kept-heads.ts";
import type { ParsedProject } from "./parsed-project.ts";
import { replaceShared, withOpenFields } from "./shared-fields.ts";
import type { AnyNode, Graph } from "./types.ts";

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
  /** By part: what each of the linked nodes goes to, as its count and their numbers. */
  readonly links: readonly (readonly [name: string, flat: readonly number[]])[];
  readonly heads: KeptHeads;
  /** What many nodes have, each as JSON. */
  readonly shared: readonly string[];
  readonly introspective: readonly string[];
  readonly refs: readonly (readonly [name: string, ids: readonly string[]])[];
  readonly sources: readonly (readonly [name: string, ids: readonly string[]])[];
  /** The numbers of nodes whose templates are their SQL as it stands there; of others what the template is, where that is known. */
  readonly templates: readonly (number | readonly [id: string, file: string | null, text: string | null])[];
};

/** The parts of a graph that have parents and children, in the order by which their nodes are numbered. */
export const LINKED = ["sources", "nodes", "unitTests", "exposures"] as const;

/** A graph as text, a node with the names of its marked fields at a time, and last its index; to be told how many bytes each took. `mark` must be of letters and figures, and in nothing that anybody wrote. */
export function* encodeGraph(parsed: ParsedProject, mark: string): Generator<string, GraphIndex, number> {
  const { graph } = parsed;
  const encoder = new NodeEncoder(mark);
  const parts: [string, string[], number[]][] = [];
  const plain: [string, unknown][] = [];
  const linked = LINKED.flatMap((part) => [...graph[part].keys()]);
  const numbers = new Map<string, number>();
  for (let i = 0; i < linked.length; i++) numbers.set(linked[i]!, i);
  const links: [string, number[]][] = [];
  for (const [name, map] of Object.entries(graph) as [string, unknown][]) {
    if (typeof map === "string" || Array.isArray(map)) {
      plain.push([name, map]);
      continue;
    }
    if (name === "parents" || name === "children") {
      links.push([name, flatLinks(linked, map as Graph["parents"], numbers)]);
      continue;
    }
    const bytes: number[] = [];
    const nodes = map as Graph["nodes"];
    for (const node of nodes.values()) bytes.push(yield encoder.encode(node));
    parts.push([name, [...nodes.keys()], bytes]);
  }
  return {
    mark,
    plain,
    parts,
    links,
    heads: keepHeads(LINKED.flatMap((part): AnyNode[] => [...graph[part].values()])),
    shared: encoder.shared,
    introspective: [...parsed.introspective],
    refs: [...parsed.targets.refs.ids()],
    sources: [...parsed.targets.sources.ids()],
    templates: Array.from(parsed.templates.sources(), ([id, { file, text }]) => {
      const node = graph.nodes.get(id) ?? graph.disabled.get(id);
      const isItsOwn = node !== undefined && "rawCode" in node && node.rawCode === text;
      if (!isItsOwn || node.place.file !== file) return [id, file, text];
      return numbers.get(id) ?? [id, null, null];
    }),
  };
}

/** Others often come one after the other, or are those of the one before: looking all of them up takes as long as reading a fifth of the nodes. */
function flatLinks(
  ids: readonly string[],
  links: Graph["parents"],
  numbers: ReadonlyMap<string, number>,
): number[] {
  const flat: number[] = [];
  const inStep = new InStep(links);
  let last = 0;
  for (let i = 0; i < ids.length; i++) {
    const others = inStep.get(ids[i]!) ?? [];
    flat.push(others.length);
    for (let k = 0; k < others.length; k++) {
      const other = others[k]!;
      if (other === ids[last + 1]) last++;
      else if (other !== ids[last]) last = numbers.get(other)!;
      flat.push(last);
    }
  }
  return flat;
}

class NodeEncoder {
  readonly shared: string[] = [];
  readonly #mark: string;
  readonly #known = new Map<unknown, number>();
  readonly #texts = new Map<string, number>();

  constructor(mark: string) {
    this.#mark = mark;
  }

  encode(node: object): string {
    return withPathsAsPlaces(`${this.#mark}place`, (told) => {
      const copy = withOpenFields(node);
      replaceShared(copy, this.#numberOf);
      const marked: string[] = [];
      let maps = 0;
      for (const key in copy) {
        const value = copy[key];
        if (value instanceof Map || value instanceof PlainColumns) {
          copy[key] = { [`${this.#mark}map`]: [...value] };
          maps++;
        } else if (typeof value !== "object" || value === null || !("toJSON" in value)) continue;
        marked.push(key);
      }
      const before = told();
      const text = JSON.stringify(copy);
      if (told() - before + maps === marked.length) return `[${text},${JSON.stringify(marked)}]`;
      // There are more within: seldom enough to look for them field by field.
      const holds = (key: string): boolean => JSON.stringify(copy[key])?.includes(this.#mark) ?? false;
      return `[${text},${JSON.stringify(Object.keys(copy).filter(holds))}]`;
    });
  }

  readonly #numberOf = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const text = JSON.stringify(value);
    if (text.includes(this.#mark)) return value;
    const number = this.#texts.get(text) ?? this.shared.push(text) - 1;
    this.#texts.set(text, number);
    this.#known.set(value, number);
    return number;
  };
}
