import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { makeProject, models, rowsOf } from "../../../support/models.ts";
import { startPublisher } from "../../../support/publisher/start.ts";
import type { LocalPublisher } from "../../../support/publisher/start.ts";
import { writeFiles } from "../../../support/temp.ts";
import { ingest } from "./recorded.ts";

const SQL = "models/staging/stg_eurostat__hlth_silc_13.sql";
const YML = "models/staging/_eurostat__hlth_silc_13.yml";

describe("ingest add", () => {
  let publisher: LocalPublisher;
  before(async () => void (publisher = await startPublisher()));
  after(() => publisher.close());
  const run = (cwd: string, ...words: string[]) => ingest(words, { cwd, env: { ...publisher.env } });
  const read = (cwd: string, file: string): string => readFileSync(join(cwd, file), "utf8");

  test("writes what builds and passes untouched, before and after the data is there", async () => {
    const cwd = makeProject({});
    const added = await run(cwd, "add", "eurostat", "HLTH_SILC_13");
    assert.equal(added.code, 0, added.err);
    assert.match(added.out, /written models\/staging\/stg_eurostat__hlth_silc_13\.sql/);
    const empty = await models(cwd, ["build"]);
    assert.equal(empty.code, 0, empty.out + empty.err);
    assert.equal((await run(cwd, "sync")).code, 0);
    const full = await models(cwd, ["build"]);
    assert.equal(full.code, 0, full.out + full.err);
    assert.doesNotMatch(full.out, /WARN/);
    const rows = await rowsOf(
      cwd,
      "select count(*) > 1000 as many, count(*) filter (geo_label is null) as unlabelled, count(distinct geo_label) > 3 as some from {{ ref('stg_eurostat__hlth_silc_13') }}",
    );
    assert.deepEqual(rows, [{ many: true, unlabelled: "0", some: true }]);
    assert.equal((await models(cwd, ["source", "freshness"])).code, 0);
  });

  test("changes nothing the second time", async () => {
    const cwd = makeProject({});
    await run(cwd, "add", "eurostat", "hlth_silc_13");
    const before = ["sql_project.yaml", SQL, YML].map((file) => read(cwd, file));
    const again = await run(cwd, "add", "eurostat", "hlth_silc_13");
    assert.equal(again.code, 0);
    assert.match(again.out, /it was there already/);
    assert.deepEqual(
      ["sql_project.yaml", SQL, YML].map((file) => read(cwd, file)),
      before,
    );
  });

  test("keeps what a person wrote, wherever it stands", async () => {
    const cwd = makeProject({
      "models/mine/stg_eurostat__hlth_silc_13.sql": "select 1 as mine",
      "models/mine/_s.yml":
        "sources: [{name: eurostat, landing: true, tables: [{name: hlth_silc_13, description: Mine.}]}]",
    });
    writeFileSync(
      join(cwd, "sql_project.yaml"),
      `${read(cwd, "sql_project.yaml")}ingest: # mine\n  datasets:\n    - {publisher: eurostat, code: "hlth_*"} # all of them\n`,
    );
    await run(cwd, "catalog");
    const before = read(cwd, "sql_project.yaml");
    const { code, out, err } = await run(cwd, "add", "eurostat", "hlth_silc_13");
    assert.equal(code, 0, err);
    assert.equal(read(cwd, "sql_project.yaml"), before, "a pattern means it already");
    assert.ok(!existsSync(join(cwd, SQL)), out);
    // Only what is missing: the properties of the model.
    assert.doesNotMatch(read(cwd, YML), /sources:/);
    assert.match(read(cwd, YML), /^models:/m);
  });

  test("tells what is wrong and writes nothing", async () => {
    const cwd = makeProject({});
    const before = read(cwd, "sql_project.yaml");
    const unknown = await run(cwd, "add", "eurostat", "no_such_thing");
    assert.notEqual(unknown.code, 0);
    assert.equal((await run(cwd, "add", "eurostt", "hlth_silc_13")).code, 2);
    writeFiles(cwd, { "models/_s.yml": "sources: [{name: eurostat, tables: [{name: x}]}]" });
    const { code, err } = await run(cwd, "add", "eurostat", "hlth_silc_13");
    assert.equal(code, 1);
    assert.match(
      err,
      /SOURCE_NOT_LANDED the source "eurostat" in models\/_s\.yml is not of the landing zone/,
    );
    assert.equal(read(cwd, "sql_project.yaml"), before);
    assert.ok(!existsSync(join(cwd, SQL)));
  });
});
