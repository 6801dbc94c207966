import type { Place, Problem } from "../base/problems.ts";

export type DocBlock = { readonly name: string; readonly contents: string; readonly place: Place };

/** `{{#docs name}}…{{/docs}}` of a markdown file; dbt's `{% docs name %}…{% enddocs %}` as well. */
export function parseDocBlocks(_file: string, _text: string): { blocks: DocBlock[]; problems: Problem[] } {
  return { blocks: [], problems: [] };
}

/** A description of a property file with its `{{ doc('name') }}` replaced; other tags are left as they are. `place` is the description's. */
export function renderDescription(
  text: string,
  _docs: ReadonlyMap<string, string>,
  _place: Place,
): { text: string; docs: string[]; problems: Problem[] } {
  return { text, docs: [], problems: [] };
}
