import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { makeProject, models, rowsOf } from "../support/models.ts";
import { writeFiles } from "../support/temp.ts";
import { ingest, toy } from "./ingest/cli/recorded.ts";

/** A block of code of the README that names its file in its first line. */
function blockOf(file: string): string {
  const blocks = readFileSync("README.md", "utf8").matchAll(/^```\w+\n(.*?)^```$/gms);
  const block = Array.from(blocks, ([, text]) => text!).find((text) =>
    text.split("\n", 1)[0]!.endsWith(file),
  );
  assert.ok(block, `the README has no ${file}`);
  return block;
}

const document = (people: number, updated: string): string =>
  toy({
    updated,
    values: [people, people + 1],
    more: {
      id: ["sex", "age", "geo", "time"],
      size: [1, 1, 2, 1],
      status: {},
      dimension: {
        sex: { category: { index: ["T"] } },
        age: { category: { index: ["TOTAL"] } },
        geo: { category: { index: ["DE", "FR"] } },
        time: { category: { index: ["2024"] } },
      },
    },
  });

test("the README's dataset lands and its model is built of it, twice", async () => {
  const sources = "models/staging/_sources.yml";
  const model = "models/marts/population.sql";
  const cwd = makeProject({ [sources]: blockOf(sources), [model]: blockOf(model) });
  for (const [people, updated] of [
    [1, "2025-04-04T23:00:00+0200"],
    [5, "2025-05-04T23:00:00+0200"],
  ] as const) {
    writeFiles(cwd, { "demo_pjan.json": document(people, updated) });
    const words = "file demo_pjan.json --publisher eurostat --dataset demo_pjan".split(" ");
    const landed = await ingest(words, { cwd, now: updated });
    assert.equal(landed.code, 0, landed.err);
    const built = await models(cwd, ["build"]);
    assert.equal(built.code, 0, built.out + built.err);
    assert.deepEqual(await rowsOf(cwd, "select geo, people from {{ ref('population') }} order by geo"), [
      { geo: "DE", people },
      { geo: "FR", people: people + 1 },
    ]);
  }
});
