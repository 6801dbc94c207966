import { didYouMean } from "../base/nearest.ts";
import { placeAt } from "../base/problems.ts";
import type { Place, Problem } from "../base/problems.ts";

export type DocBlock = { readonly name: string; readonly contents: string; readonly place: Place };

const opening = /\{\{\s*#\s*docs\s+([^}]*?)\s*\}\}|\{%[-+]?\s*docs\s+(.*?)\s*[-+]?%\}/g;
const closing = /\{\{\s*\/\s*docs\s*\}\}|\{%[-+]?\s*enddocs\s*[-+]?%\}/g;

/**
 * `{{#docs name}}…{{/docs}}` of a markdown file; dbt's `{% docs name %}…{% enddocs %}` as well, since that is what is
 * pasted. The contents are Markdown and nothing in them is a tag.
 */
export function parseDocBlocks(file: string, text: string): { blocks: DocBlock[]; problems: Problem[] } {
  const blocks: DocBlock[] = [];
  const problems: Problem[] = [];
  const report = (at: number, code: string, message: string, hint: string): void => {
    problems.push({ ...placeAt(file, text, at), code, message, hint });
  };
  let end = 0;
  for (const open of text.matchAll(opening)) {
    if (open.index < end) {
      report(open.index, "DOCS_NESTED", "a doc block begins within another", "end the first with {{/docs}}");
      continue;
    }
    const name = open[1] ?? open[2] ?? "";
    closing.lastIndex = open.index + open[0].length;
    const close = closing.exec(text);
    if (close === null) {
      report(open.index, "DOCS_UNCLOSED", `the doc block "${name}" is not closed`, "end it with {{/docs}}");
      break;
    }
    end = close.index + close[0].length;
    if (!/^\w+$/.test(name)) {
      report(open.index, "DOCS_NAME", `"${name}" is not a name`, "a name is made of letters, digits and _");
      continue;
    }
    const contents = text.slice(open.index + open[0].length, close.index).trim();
    blocks.push({ name, contents, place: placeAt(file, text, open.index) });
  }
  return { blocks, problems };
}

/** A description of a property file with its `{{ doc('name') }}` replaced; other tags are left as they are. `place` is the description's. */
export function renderDescription<Doc extends { readonly contents: string }>(
  text: string,
  docs: ReadonlyMap<string, Doc>,
  place: Place,
): { text: string; docs: Doc[]; problems: Problem[] } {
  const used: Doc[] = [];
  const problems: Problem[] = [];
  if (!text.includes("{{")) return { text, docs: used, problems };
  const rendered = text.replaceAll(
    /\{\{\s*doc\(\s*(?:(['"])(\w+)\1\s*,\s*)?(['"])(\w+)\3\s*\)\s*\}\}/g,
    (_tag, _packageQuote, of: string | undefined, _quote, last: string) => {
      const name = of === undefined ? last : `${of}.${last}`;
      const found = docs.get(name);
      if (found !== undefined) {
        used.push(found);
        return found.contents;
      }
      const hint =
        didYouMean(name, docs.keys()) ?? "doc blocks are written {{#docs name}}…{{/docs}} in .md files";
      const { file, line, column } = place;
      const message = `no doc block is named "${name}"`;
      problems.push({ file, line, column, code: "DOC_UNKNOWN", message, hint });
      return "";
    },
  );
  return { text: rendered, docs: used, problems };
}
