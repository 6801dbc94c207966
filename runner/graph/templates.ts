import { parseTemplate } from "../template/parse-template.ts";
import type { Source, Template } from "../template/types.ts";

/** Parsed templates by unique id. */
export interface TemplateFinder {
  get(uniqueId: string): Template | undefined;
  sources(): Iterable<[uniqueId: string, source: Source]>;
}

/** What was parsed to be looked into is kept; what is sound without a look is parsed when it is asked for, and not kept. */
export class Templates implements TemplateFinder {
  readonly #known = new Map<string, Template | Source>();

  set(uniqueId: string, template: Template | Source): void {
    this.#known.set(uniqueId, template);
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
    if (found === undefined || "nodes" in found) return found;
    return parseTemplate(found.file, found.text).template;
  }
}
