import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openProject } from "../../../../runner/api/open-project.ts";
import { readAhead } from "../../../../runner/cli/read-ahead.ts";
import { LazyMap } from "../../../../runner/graph/lazy-map.ts";
import { noLongerBundled, pretendBundled } from "../../../support/idle-runs.ts";
import { makeProject, models } from "../../../support/models.ts";

describe("reading ahead", () => {
  before(pretendBundled);
  after(noLongerBundled);

  test("a large project of which nothing is kept is read by another thread, and what is made of it is kept as ever", async () => {
    const cwd = makeProject({
      "sql_project.yaml": "name: p\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: data/w.duckdb}\n",
      "models/a.sql": "select 1 as id",
      "models/deep/about.md": "",
      "models/m.yml":
        "models:\n  - {name: a, description: The first., columns: [{name: id, data_tests: [unique]}]}\n",
      "seeds/s.csv": "id\n1\n",
    });
    const sink = { write: () => undefined, isTerminal: false, width: 80 };
    const effects = { now: () => new Date(), env: {}, cwd, stdout: sink, stderr: sink };
    const args = { quiet: true, "log-format": "text" } as const;
    assert.equal(readAhead(args, effects), undefined, "a small project");
    assert.equal(readAhead(args, effects, 5), undefined, "so many are just not there");
    assert.equal(readAhead(args, { ...effects, cwd: "/" }, 4), undefined, "no project");
    assert.equal(readAhead({ ...args, "target-path": "../x" }, effects, 4), undefined, "a wrong path");
    const disk = readAhead(args, effects, 4)!;
    const open = await openProject({ disk }, effects);
    disk.stop();
    assert.equal(open.parsed.graph.nodes.get("model.p.a")!.description, "The first.");
    assert.ok(!(open.parsed.graph.nodes instanceof LazyMap));

    assert.deepEqual(await models(cwd, ["compile", "--no-columns", "-q"]), { code: 0, out: "", err: "" });
    assert.equal(readAhead(args, effects, 4), undefined, "what was kept is there");
    assert.ok((await openProject({}, effects)).parsed.graph.nodes instanceof LazyMap);
    const anew = readAhead({ ...args, "partial-parse": false }, effects, 4)!;
    assert.equal(anew.ahead!.isKept, false);
    anew.stop();
  });
});
