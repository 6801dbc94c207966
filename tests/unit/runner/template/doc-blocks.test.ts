import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDocBlocks, renderDescription } from "../../../../runner/template/doc-blocks.ts";

test("blocks in mustache and in dbt's way, contents as they are", () => {
  const { blocks, problems } = parseDocBlocks(
    "models/d.md",
    "# Title\n{{#docs geo}}\n\nA *place*: {{ not a tag }}.\n{{/docs}}\n{% docs sex %}Sex{% enddocs %} {%- docs age -%} x {%- enddocs -%}",
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(
    blocks.map(({ name, contents, place: { line } }) => [name, contents, line]),
    [
      ["geo", "A *place*: {{ not a tag }}.", 2],
      ["sex", "Sex", 6],
      ["age", "x", 6],
    ],
  );
});

test("blocks that do not end, begin within another or have no name are told", () => {
  const codes = (text: string): string[] =>
    parseDocBlocks("d.md", text).problems.map(({ line, code }) => `${line} ${code}`);
  assert.deepEqual(codes("\n{{#docs a}}"), ["2 DOCS_UNCLOSED"]);
  assert.deepEqual(codes("{{#docs a}}\n{{#docs b}}{{/docs}}"), ["2 DOCS_NESTED"]);
  assert.deepEqual(codes("{{#docs a b}}{{/docs}}{% docs %}{% enddocs %}"), ["1 DOCS_NAME", "1 DOCS_NAME"]);
});

const place = { file: "models/_m.yml", line: 3, column: 5 };

test("a description takes in doc blocks and nothing else", () => {
  const geo = { uniqueId: "doc.pkg.geo", contents: "A place, $& {{ doc('geo') }}" };
  const docs = new Map([
    ["geo", geo],
    ["pkg.geo", geo],
  ]);
  assert.deepEqual(
    renderDescription('Where: {{ doc(\'geo\') }} {{doc("pkg", "geo")}} {{ other }}', docs, place),
    {
      text: "Where: A place, $& {{ doc('geo') }} A place, $& {{ doc('geo') }} {{ other }}",
      docs: [geo, geo],
      problems: [],
    },
  );
  assert.deepEqual(renderDescription("{{ doc('geoo') }}", docs, place).problems, [
    { ...place, code: "DOC_UNKNOWN", message: 'no doc block is named "geoo"', hint: 'did you mean "geo"?' },
  ]);
});
