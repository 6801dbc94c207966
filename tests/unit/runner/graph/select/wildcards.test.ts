import assert from "node:assert/strict";
import { test } from "node:test";
import { pathGlob, wildcard } from "../../../../../runner/graph/select/wildcards.ts";

/** Each row was checked against Python's fnmatch.fnmatchcase. */
const rows: readonly (readonly [pattern: string, text: string, fits: boolean])[] = [
  ["abc", "abc", true],
  ["abc", "abcd", false],
  ["*", "", true],
  ["**", "any/thing.at all", true],
  ["a*c", "abbc", true],
  ["a*c", "a\nc", true],
  ["a?c", "abc", true],
  ["a?c", "ac", false],
  ["?", "💶", true],
  ["[ab]c", "bc", true],
  ["[!ab]c", "bc", false],
  ["[!ab]c", "xc", true],
  ["[^a]", "^", true],
  ["[^a]", "b", false],
  ["[a-c]", "b", true],
  ["[c-a]", "b", false],
  ["[!c-a]", "b", true],
  ["[]]", "]", true],
  ["[!]]", "]", false],
  ["[-a]", "-", true],
  ["[a-]", "-", true],
  ["[", "[", true],
  ["a[b", "a[b", true],
  ["[\\d]", "\\", true],
  ["[\\d]", "5", false],
  ["a.c", "abc", false],
  ["a+(b)*", "a+(b)!", true],
  ["a|b?", "a|bc", true],
  ["{x}$*", "{x}$^", true],
];
for (const [pattern, text, fits] of rows) {
  test(`wildcard ${pattern} ${fits ? "fits" : "does not fit"} ${JSON.stringify(text)}`, () =>
    assert.equal(wildcard(pattern)(text), fits));
}

test("a path glob treats both slashes alike and matches folder by folder", () => {
  assert.equal(pathGlob("models\\a\\*.sql")("models/a/x.sql"), true);
  assert.equal(pathGlob("**")("a/b/c"), true);
  assert.equal(pathGlob("a/**/c")("a/c"), true);
  assert.equal(pathGlob("a/**/c")("a/b/b/c"), true);
  assert.equal(pathGlob("a/**/c")("a/b/d"), false);
  assert.equal(pathGlob("a/../b")("b"), false);
});
