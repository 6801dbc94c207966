import type { Place } from "../base/problems.ts";
import type { Freshness } from "../project/types.ts";
import { inspect } from "./read-template.ts";
import { globalSpecs } from "./specs.ts";
import { report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

type LoadedAt = {
  readonly field: string | null;
  readonly query: string | null;
  readonly freshness: Freshness | null;
};

/** What is said of the age of a source or a model must mean one thing, and its query must be one that can be rendered. */
export function checkLoadedAt(workshop: Workshop, { field, query, freshness }: LoadedAt, place: Place): void {
  if (query === null) return;
  if (field !== null)
    report(
      workshop,
      place,
      "LOADED_AT_TWICE",
      '"loaded_at_field" and "loaded_at_query" both say where the age is read',
      "keep one of the two",
    );
  if (freshness !== null && freshness.filter !== null)
    report(
      workshop,
      place,
      "FRESHNESS_FILTER",
      '"filter" has no rows to choose from beside "loaded_at_query"',
      "write the condition into the query",
    );
  for (const problem of inspect(workshop, place.file, query, globalSpecs).problems) {
    const { file, line, column } = place;
    workshop.problems.push({ ...problem, file, line, column });
  }
}
