import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { normalForm } from "../../../../runner/template/normal-form.ts";

const same: readonly (readonly [string, string])[] = [
  ["select 1", " select\n\t1 ;\n"],
  ["select a+b", "select a + b"],
  ["select f(a,b)", "select f( a , b )"],
  ["select 1 -- one\n, 2", "select 1, 2"],
  ["select /* a /* nested */ comment */ 1", "select 1"],
  ["select 1 {{! why }}", "select 1"],
  ["{{ config(materialized='table', tags=[\"}}\"]) }} select 1", "select 1"],
  ["select {{ ref('a') }}", "select {{ref( 'a' )}}"],
  ["{{#if x}} a {{/if}}", "{{# if x }}a{{/ if }}"],
  ["select 'it''s -- no comment'", "select   'it''s -- no comment'"],
];
const different: readonly (readonly [string, string])[] = [
  ["select 1", "select 2"],
  ["select ab", "select a b"],
  ["select 'a b'", "select 'a  b'"],
  ['select "a b"', 'select "a  b"'],
  ["select $$a  b$$", "select $$a b$$"],
  ["select $x$ a--b $x$", "select $x$ a $x$"],
  ["select a - -1", "select a --1"],
  ["select a <= b", "select a < = b"],
  ["select A", "select a"],
  ["select {{ f('a b') }}", "select {{ f('ab') }}"],
  ["select 1 -- {{ f() }}", "select 1"],
  ["select /*+ hint */ 1", "select 1"],
  ["select 'a;'", "select 'a'"],
  ["select 1 -- {{ f() }}\n, 2", "select 1 -- {{ f() }}, 2"],
];

describe("the normal form of SQL", () => {
  for (const [a, b] of same) test(`${a} is ${b}`, () => assert.equal(normalForm(a), normalForm(b)));
  for (const [a, b] of different)
    test(`${a} is not ${b}`, () => assert.notEqual(normalForm(a), normalForm(b)));
  test("texts that never end are read to the end", () => {
    for (const text of [
      "select 'a",
      'select "a',
      "select /* a",
      "{{ ref('a'",
      "{{! a",
      "$a$ b",
      "{{ config(",
    ])
      assert.ok(normalForm(text).length > 0 || text.startsWith("{{"));
  });
});
