import assert from "node:assert/strict";
import { test } from "node:test";
import { render, thrown } from "./workbench.ts";

const bench = { vars: { m: { k: 3, deep: { x: "a'b" } } } };

test("a call has fields, through macros too", () => {
  assert.equal(
    render("{{ var('m').k }} {{ (var('m')).deep.x }} {{ var('m').deep.x ~ '!' }}", bench),
    "3 'a''b' 'a''b!'",
  );
  const macros = "{{! macro show(of) }}{{ of.deep.x }}\n\n{{! macro pass(of) }}{{ show(of.deep) }}";
  assert.equal(render("{{ show(var('m')) }}", { ...bench, macros }), "'a''b'");
  assert.equal(render("{{#if var('m').k == 3}}yes{{/if}}", bench), "yes");
});

test("a field that is not there is told with those that are", () => {
  const [problem] = thrown("select {{ var('m').deep.y }}", bench);
  assert.deepEqual(
    [problem?.code, problem?.column, problem?.message, problem?.hint],
    ["FIELD_UNKNOWN", 25, 'there is no field "y"', 'did you mean "x"?'],
  );
});
