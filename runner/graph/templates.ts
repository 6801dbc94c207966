import { parseAgain, parseAndKeep, parseTemplate } from "../template/parse-template.ts";
import type { SoundTemplate } from "../template/parse-template.ts";
import { TagPlaces } from "../template/tag-places.ts";
import type { ParsedTemplate, Source, Template } from "../template/types.ts";

/** Parsed templates by unique id. */
export interface TemplateFinder {
  get(uniqueId: string): Template | undefined;
  sources(): Iterable<[uniqueId: string, source: Source]>;
}

/** Templates are parsed when they are asked for, and not kept: of what was parsed here before it is known where its tags are. */
export class Templates implements TemplateFinder {
  readonly #known = new Map<string, Source | SoundTemplate>();
  readonly #places = new TagPlaces();

  set(uniqueId: string, source: Source): void {
    this.#known.set(uniqueId, source);
  }

  /** Keeps a text under an id, and parses it. */
  parse(uniqueId: string, file: string, text: string): ParsedTemplate {
    const parsed = parseAndKeep(file, text, this.#places);
    this.#known.set(uniqueId, parsed.sound ?? { file, text });
    return parsed;
  }

  get size(): number {
    return this.#known.size;
  }

  /** Where each comes from. */
  sources(): Iterable<[uniqueId: string, source: Source]> {
    return this.#known;
  }

  get(uniqueId: string): Template | undefined {
    const found = this.#known.get(uniqueId);
    if (found === undefined) return undefined;
    return "layout" in found
      ? parseAgain(found, this.#places)
      : parseTemplate(found.file, found.text).template;
  }
}
