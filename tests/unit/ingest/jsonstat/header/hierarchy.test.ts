import assert from "node:assert/strict";
import { test } from "node:test";
import { readParents } from "../../../../../ingest/jsonstat/header/hierarchy.ts";
import type { PathProblem } from "../../../../../ingest/jsonstat/header/locate.ts";

const path = ["dimension", "geo", "category"];
const read = (child: Readonly<Record<string, readonly string[]>>, codes: string) => {
  const problems: PathProblem[] = [];
  return { parents: Object.fromEntries(readParents(child, new Set(codes), path, problems)), problems };
};

test("children know their parent, the first where there are two", () => {
  assert.deepEqual(read({ a: ["b", "c"], b: ["d"], c: ["d"] }, "abcd").parents, { b: "a", c: "a", d: "b" });
});

test("categories that a filter has taken away are nobody's parent or child", () => {
  assert.deepEqual(read({ x: ["a"], a: ["y", "b"] }, "ab"), { parents: { b: "a" }, problems: [] });
});

test("a circle is named", () => {
  const { problems } = read({ z: ["a"], a: ["b"], b: ["c"], c: ["a"] }, "abcz");
  assert.deepEqual(problems, [
    {
      code: "CHILD_CYCLE",
      path: [...path, "child", "a"],
      message: 'categories of geo are their own descendants: "a" → "b" → "c" → "a"',
    },
  ]);
});

test("a category that is its own child is a circle", () => {
  assert.equal(read({ a: ["a"] }, "a").problems.length, 1);
});

test("depth and diamonds are no circles", () => {
  const deep = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [String(i), [String(i + 1)]]));
  assert.deepEqual(read(deep, "").problems, []);
  assert.deepEqual(read({ a: ["b", "c"], b: ["d"], c: ["d"], d: ["e"] }, "abcde").problems, []);
});
