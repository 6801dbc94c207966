import assert from "node:assert/strict";
import { test } from "node:test";
import { firstSentence, richLine, richText, textOf } from "../../../../../runner/docs/data/rich.ts";
import type { Rich } from "../../../../../runner/docs/data/types.ts";

const tags = (rich: Rich): unknown[] =>
  rich.map((node) =>
    typeof node === "string" ? node : [node.tag, ...(node.href ? [node.href] : []), ...tags(node.children)],
  );

test("Markdown becomes a tree of plain nodes", () => {
  assert.deepEqual(
    tags(
      richText(
        "# A *b*\n\n- `x<y`\n- **z**\n\n> q\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```sql\nselect '<b>'\n```",
      ),
    ),
    [
      ["h3", "A ", ["em", "b"]],
      ["ul", ["li", ["code", "x<y"]], ["li", ["strong", "z"]]],
      ["blockquote", ["p", "q"]],
      ["table", ["thead", ["tr", ["th", "a"], ["th", "b"]]], ["tbody", ["tr", ["td", "1"], ["td", "2"]]]],
      ["pre", ["code", "select '<b>'"]],
    ],
  );
  assert.deepEqual(tags(richLine("one line")), ["one line"]);
  assert.deepEqual(tags(richText("a &lt; b & c")), [["p", "a < b & c"]]);
});

test("HTML stays text, and an address that could run is none", () => {
  for (const hostile of [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "a <svg onload=alert(1)> b",
    "<a href='javascript:alert(1)'>x</a>",
  ])
    assert.equal(textOf(richText(hostile)), hostile);
  for (const link of [
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](//evil.example)",
  ])
    assert.deepEqual(tags(richText(link)), [["p", "x"]], link);
  assert.deepEqual(tags(richText("[x](https://example.org/?a=1&b=2)")), [
    ["p", ["a", "https://example.org/?a=1&b=2", "x"]],
  ]);
  assert.deepEqual(tags(richText("![a picture](https://example.org/x.png)")), [["p", "a picture"]]);
  assert.ok(textOf(richText(">".repeat(20_000))).length > 0);
});

test("the first sentence is plain text, and not too long", () => {
  assert.equal(firstSentence("Rates of **death**. By month.\n\nMore."), "Rates of death.");
  assert.equal(firstSentence("Version 1.5 of it"), "Version 1.5 of it");
  assert.equal(firstSentence(`${"a".repeat(300)}.`, 20).length, 20);
});
