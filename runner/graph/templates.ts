import { parseAgain, parseAndKeep, parseTemplate } from "../template/parse-template.ts";
import type { SoundTemplate } from "../template/parse-template.ts";
import { TagPlaces } from "../template/tag-places.ts";
import type { ParsedTemplate, Source, Template } from "../template/types.ts";
import type { DisabledNode, GraphNode } from "./types.ts";

/** Parsed templates by unique id. */
export interface TemplateFinder {
  get(uniqueId: string): Template | undefined;
  /** Of those that are not found with their nodes. */
  sources(): Iterable<[uniqueId: string, source: Source]>;
}

/** Templates are parsed when they are asked for, and not kept: of what was parsed here before it is known where its tags are. */
export class Templates implements TemplateFinder {
  readonly #known = new Map<string, Source | SoundTemplate>();
  readonly #places = new TagPlaces();
  #nodeOf: ((uniqueId: string) => Holder | undefined) | undefined;

  /** Where nodes are found that have theirs with them, as most generic tests. */
  findNodes(nodeOf: (uniqueId: string) => Holder | undefined): void {
    this.#nodeOf = nodeOf;
  }

  /** What is known of it elsewhere does not hold here. */
  set(uniqueId: string, { file, text }: Source): void {
    this.#known.set(uniqueId, { file, text });
  }

  /** Keeps a text under an id, and parses it. */
  parse(uniqueId: string, file: string, text: string): ParsedTemplate {
    const parsed = parseAndKeep(file, text, this.#places);
    this.#known.set(uniqueId, parsed.sound ?? { file, text });
    return parsed;
  }

  sources(): Iterable<[uniqueId: string, source: Source]> {
    return this.#known;
  }

  get(uniqueId: string): Template | undefined {
    const found = this.#known.get(uniqueId);
    if (found === undefined) return templateWith(this.#nodeOf?.(uniqueId));
    return "layout" in found
      ? parseAgain(found, this.#places)
      : parseTemplate(found.file, found.text).template;
  }
}

type Holder = GraphNode | DisabledNode;

/** Of a node that has its template with it: a generic test. */
export function templateWith(node: Holder | undefined): Template | undefined {
  if (node?.resourceType !== "test" || node.generic === null) return undefined;
  return parseTemplate(node.place.file, node.rawCode).template;
}
