import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DocumentError } from "../../../../ingest/jsonstat/document-error.ts";
import { isObject } from "../../../../runner/base/json.ts";
import { documentFiles } from "./support/document-file.ts";
import { readRows } from "./support/read-rows.ts";

const files = documentFiles();

/** Has every member that the reader looks at. */
const FULL = {
  version: "2.0",
  class: "dataset",
  label: "full",
  source: "here",
  updated: "2026-01-01",
  id: ["sex", "time"],
  size: [2, 1],
  role: { time: ["time"], metric: ["sex"], geo: [] },
  dimension: {
    sex: {
      label: "Sex",
      category: {
        index: { F: 0, M: 1 },
        label: { F: "Women", M: "Men" },
        child: { F: ["M"] },
        unit: { F: { label: "persons", decimals: 0 } },
      },
    },
    time: { label: "Time", category: { index: ["2020"], label: { "2020": "2020" } } },
  },
  value: { "0": 1, "1": null },
  status: { "1": "p|C" },
  extension: {
    id: "X",
    matrix: "X",
    px: { tableid: "X", decimals: 1 },
    status: { label: { p: "provisional" } },
  },
  link: { item: [] },
};

/** The paths of all members, those of members within included. */
function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  const members = isObject(value) || Array.isArray(value) ? Object.entries(value) : [];
  return members.flatMap(([name, member]) => [[...path, name], ...pathsOf(member, [...path, name])]);
}

function replaceAt(value: unknown, path: readonly string[], replacement: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((one, i) => (String(i) === name ? replaceAt(one, rest, replacement) : one));
  return {
    ...(value as object),
    [name]: replaceAt((value as Record<string, unknown>)[name], rest, replacement),
  };
}

const wraps: readonly ((dataset: unknown) => unknown)[] = [
  (dataset) => dataset,
  (dataset) => ({ dataset }),
  (dataset) => ({ jsonrpc: "2.0", result: dataset }),
  (dataset) => ({ class: "collection", link: { item: [dataset] } }),
];

test("whatever stands in a member's place, the document is read or refused, with places", async () => {
  const replacement = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>(-1, 0.5, 1e300, "", "x", [], {}, null, [null], { x: null }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...pathsOf(FULL)),
      replacement,
      fc.constantFrom(...wraps),
      async (path, value, wrap) => {
        try {
          const { cubes } = await files.open(wrap(replaceAt(FULL, path, value)) as object);
          for (const cube of cubes) assert.ok(readRows(cube).rows.length <= cube.cells);
        } catch (error) {
          if (!(error instanceof DocumentError)) throw error;
          assert.ok(error.problems.length > 0);
          assert.ok(error.problems.every(({ line, column }) => line !== null && column !== null));
        }
      },
    ),
    { numRuns: 800 },
  );
});

test("any JSON at all is refused", async () => {
  await fc.assert(
    fc.asyncProperty(fc.json({ maxDepth: 4 }), async (text) => {
      const error = await files.refuse(text);
      assert.ok(
        ["NOT_JSON_STAT", "API_ERROR", "LINKS_ONLY"].includes(error.problems[0]!.code),
        error.message,
      );
    }),
  );
});
