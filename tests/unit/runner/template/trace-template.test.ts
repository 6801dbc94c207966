import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTemplate } from "../../../../runner/template/parse-template.ts";
import { renderTemplate } from "../../../../runner/template/render-template.ts";
import { readTrace, traceTemplate, tracedOffset } from "../../../../runner/template/trace-template.ts";
import type { Template } from "../../../../runner/template/types.ts";
import { context, library } from "./workbench.ts";

const rendered = (template: Template): string => renderTemplate(template, library().library, context());

test("every character of the text is found where it stands, what a tag prints at the tag", () => {
  const text = "select {{ 1 }}, abc\n{{#if true}}\n  from x {{ 'y' }}\n{{/if}}\nwhere z";
  const { template } = parseTemplate("m.sql", text);
  const { sql, stretches } = readTrace(rendered(traceTemplate(template)!));
  assert.equal(sql, rendered(template), "the marks leave nothing behind");
  for (const word of ["select", "abc", "from x", "where z"])
    assert.equal(tracedOffset(stretches, sql.indexOf(word)), text.indexOf(word), word);
  assert.equal(tracedOffset(stretches, sql.indexOf("y")), text.indexOf("'y'"));
});

test("a template that holds the marks itself is not traced", () => {
  assert.equal(traceTemplate(parseTemplate("m.sql", "select '\uE0F0'").template), null);
});
