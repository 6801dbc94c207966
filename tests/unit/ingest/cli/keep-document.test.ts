import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { readVintages } from "../../../../runner/project/landing.ts";
import { tempFolder, writeFiles } from "../../../support/temp.ts";
import { ingest, toy } from "./recorded.ts";

const project = (text: string): string =>
  writeFiles(tempFolder(), {
    "sql_project.yaml": `name: p\ntarget: d\ntargets: {d: {type: duckdb, path: w.duckdb}}\ningest: ${text}\n`,
    "1.json": toy({ updated: "2025-01-01" }),
  });

const filesOf = (root: string) => readVintages(join(root, "data/landing"), "eurostat", "toy_1").at(-1)!.files;

describe("keep_document", () => {
  test("keeps what the publisher sent, to the byte, in the vintage; verify counts it in", async () => {
    const root = project("{keep_document: true}");
    assert.equal((await ingest(["file", "1.json"], { cwd: root })).code, 0);
    const kept = filesOf(root).find(({ path }) => path === "document.json.gz");
    assert.ok(kept);
    const [vintage] = readVintages(join(root, "data/landing"), "eurostat", "toy_1");
    const bytes = readFileSync(join(root, "data/landing/eurostat/toy_1", vintage!.vintage, kept.path));
    assert.deepEqual(gunzipSync(bytes), readFileSync(join(root, "1.json")));
    assert.equal((await ingest(["verify"], { cwd: root })).code, 0);
  });
  test("of an archive keeps the document in it; a dataset may decide otherwise", async () => {
    const root = project(
      "{keep_document: true, datasets: [{publisher: eurostat, code: toy_1, keep_document: false}]}",
    );
    assert.equal((await ingest(["file", "1.json"], { cwd: root })).code, 0);
    assert.ok(!filesOf(root).some(({ path }) => path.startsWith("document")));
    const other = project("{keep_document: true}");
    writeFileSync(join(other, "1.json.gz"), gzipSync(readFileSync(join(other, "1.json"))));
    assert.equal((await ingest(["file", "1.json.gz"], { cwd: other })).code, 0);
    assert.ok(filesOf(other).some(({ path }) => path === "document.json.gz"));
  });
});
