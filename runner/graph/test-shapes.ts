import type { Place, Problem } from "../base/problems.ts";
import { isIndifferent } from "../template/analyse.ts";
import { inspect, isIntrospective, readTemplate } from "./read-template.ts";
import { globalSpecs, specsWithoutThis } from "./specs.ts";
import type { TestForm } from "./test-forms.ts";
import { calledMacros } from "./test-macros.ts";
import type { References } from "./types.ts";
import type { Workshop } from "./workshop.ts";

/** The query of a generic test, as it is written for one node. */
export type TestQuery = {
  readonly uniqueId: string;
  readonly place: Place;
  readonly text: string;
  /** The node that is tested. */
  readonly own: References;
};

type Shape = {
  readonly others: References;
  readonly macros: readonly string[];
  readonly problems: readonly Problem[];
  readonly introspects: boolean;
};

/**
 * Reads the queries of tests. Those of one shape are looked into once, as ten thousand columns are asked to be unique in the same words.
 * Where macros make references of their arguments, each is looked into.
 */
export class TestShapes {
  readonly #workshop: Workshop;
  readonly #shapes = new Map<string, Shape | null>();

  constructor(workshop: Workshop) {
    this.#workshop = workshop;
  }

  read(
    form: TestForm,
    query: TestQuery,
  ): { readonly references: References; readonly macros: readonly string[] } {
    const { uniqueId, place, text, own } = query;
    let shape = this.#shapes.get(form.shape);
    if (shape === undefined) {
      shape = this.#look(form, query);
      this.#shapes.set(form.shape, shape);
    }
    if (shape === null) return readTemplate(this.#workshop, uniqueId, place.file, text, place);
    const { others, macros, problems, introspects } = shape;
    if (introspects) this.#workshop.introspective.add(uniqueId);
    // Asking a place where it is costs a reading of its file: only for what is wrong.
    for (const problem of problems) {
      const { file, line, column } = place;
      this.#workshop.problems.push({ ...problem, file, line, column });
    }
    if (others.refs.length + others.sources.length === 0) return { references: own, macros };
    const references = {
      refs: [...own.refs, ...others.refs],
      sources: [...own.sources, ...others.sources],
    };
    return { references, macros };
  }

  #look({ kind, code }: TestForm, { uniqueId, place }: TestQuery): Shape | null {
    const { library } = this.#workshop;
    if (!calledMacros(kind.definition).every((macro) => isIndifferent(macro, library, globalSpecs)))
      return null;
    // No node has this name, so that what remains is not the node's own.
    const text = code.rawCode('ref("")', uniqueId);
    const found = inspect(this.#workshop, place.file, text, specsWithoutThis);
    const { refs, sources } = found.references;
    return {
      others: { refs: refs.filter(({ name }) => name !== ""), sources },
      macros: found.macros,
      problems: found.problems,
      introspects: isIntrospective(found),
    };
  }
}
