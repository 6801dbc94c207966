import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openProject } from "../../../../runner/api/open-project.ts";
import { generateDocs } from "../../../../runner/api/generate-docs.ts";
import { profileNode } from "../../../../runner/api/profile-node.ts";
import { withAdapter } from "../../../../runner/api/with-session.ts";
import { quiet } from "../../../support/idle-runs.ts";
import { makeProject, models } from "../../../support/models.ts";
import { until } from "../../../support/until.ts";

const endless = "select count(*) as n from range(10000000) a, range(10000000) b where a.range + b.range < 0";

test("what only reads ends when it is stopped, with nothing left out for that", async () => {
  const cwd = makeProject({ "models/slow.sql": endless });
  assert.equal((await models(cwd, ["run", "-q"])).code, 0);
  const stop = new AbortController();
  const effects = { ...quiet, cwd, signal: stop.signal };
  const open = await openProject({}, effects);
  const warned: string[] = [];
  const making = generateDocs(open, { onWarning: (message) => warned.push(message) });
  const looking = profileNode(open, "slow");
  const ended = Promise.all(
    [making, looking].map((work) => assert.rejects(work, { kind: "cancelled", code: "QUERY_FAILED" })),
  );
  await until("the catalogue is read", () => existsSync(join(cwd, "target/catalog.json")));
  stop.abort();
  await ended;
  assert.deepEqual([warned, existsSync(join(cwd, "target/docs/index.html"))], [[], false]);
});

test("a site is not written when it is stopped between two statements", async () => {
  const gone = "{{ config(materialized='external', location='gone.csv') }} select 1 as id";
  const cwd = makeProject({ "models/gone.sql": gone });
  assert.equal((await models(cwd, ["run", "-q"])).code, 0);
  rmSync(join(cwd, "gone.csv"));
  for (const at of ["before", "meanwhile"]) {
    const stop = new AbortController();
    if (at === "before") stop.abort();
    const open = await openProject({}, { ...quiet, cwd, signal: stop.signal });
    const making = generateDocs(open, { onWarning: () => stop.abort() });
    await assert.rejects(making, { kind: "cancelled", code: "QUERY_FAILED" }, at);
    assert.equal(existsSync(join(cwd, "target/docs/index.html")), false, at);
  }
});

test("what is opened after the end is not stopped, what was opened before is", async () => {
  const cwd = makeProject({});
  const stop = new AbortController();
  const { project } = await openProject({}, { ...quiet, cwd });
  await withAdapter(project.target, stop.signal, async (adapter) => {
    const before = await adapter.session();
    stop.abort();
    await assert.rejects(before.query(endless), { kind: "cancelled" });
    await assert.rejects(before.query(endless), { kind: "cancelled" });
    const after = await adapter.session();
    assert.deepEqual((await after.query("select 1")).rows, [[1]]);
  });
});
