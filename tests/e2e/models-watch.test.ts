import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readLog } from "../support/log-events.ts";
import { makeProject, models, rowsOf } from "../support/models.ts";
import { start } from "../support/spawn-models.ts";
import type { Spawned } from "../support/spawn-models.ts";
import { inTime } from "../support/until.ts";

type Event = { readonly event: string; readonly [key: string]: unknown };

const table = (query: string): string => `{{ config(materialized='table') }} ${query}`;

describe("models watch", () => {
  const cwd = makeProject({
    "models/a.sql": table("select 1 as n"),
    "models/b.sql": table("select n + {{ by() }} as n from {{ ref('a') }}"),
    "models/c.sql": table("select 5 as n"),
    "macros/by.sql": "{{! macro by() }}10",
  });
  let run: Spawned;
  let said = "";
  let read = 0;
  let hear = (): void => undefined;

  /** Waits for the next event of a kind, and gives it. */
  async function next(kind: string): Promise<Event> {
    for (;;) {
      const lines = said.split("\n");
      // The last line may still be coming.
      while (read < lines.length - 1) {
        const event = JSON.parse(lines[read++]!) as Event;
        if (event.event === kind) return event;
      }
      await inTime(
        `"${kind}" after line ${read}`,
        new Promise<void>((resolve) => (hear = resolve)),
        () => said,
      );
    }
  }
  const save = (path: string, text: string): void => writeFileSync(join(cwd, path), text);
  /** Names of the nodes that were built after the last save, in the order of their names. */
  async function built(): Promise<string[]> {
    const { nodes } = await next("files-changed");
    await next("files-built");
    return (nodes as string[]).map((id) => id.split(".").slice(0, 3).pop()!).toSorted();
  }

  before(async () => {
    await models(cwd, ["build"]);
    run = start(cwd, ["watch", "--log-format", "json"]);
    run.child.stdout!.on("data", (text) => {
      said += String(text);
      hear();
    });
    await next("watching");
  });
  after(() => run.child.kill("SIGKILL"));

  test("a saved model is built with what is below it, also when an editor renames a new file over it", async () => {
    save("models/a.sql", table("select 2 as n"));
    assert.deepEqual(await built(), ["a", "b"]);
    assert.deepEqual(await rowsOf(cwd, "select n from main.b"), [{ n: 12 }]);
    save("models/.a.sql.swp", "half");
    save("models/a.sql~", "half");
    save("models/4913", "x");
    writeFileSync(join(cwd, "a.new"), table("select 3 as n"));
    renameSync(join(cwd, "a.new"), join(cwd, "models/a.sql"));
    rmSync(join(cwd, "models/4913"));
    assert.deepEqual(await built(), ["a", "b"]);
    assert.deepEqual(await rowsOf(cwd, "select n from main.b"), [{ n: 13 }]);
  });

  test("a macro builds what it is used in, a new file in a new folder itself", async () => {
    save("macros/by.sql", "{{! macro by() }}20");
    assert.deepEqual(await built(), ["b"]);
    mkdirSync(join(cwd, "models/more"));
    save("models/more/d.sql", table("select n from {{ ref('c') }}"));
    assert.deepEqual(await built(), ["d"]);
    save("models/more/d.yml", "models: [{name: d, columns: [{name: n, data_tests: [not_null]}]}]");
    assert.ok((await built()).some((name) => name.startsWith("not_null")));
  });

  test("mistakes are told and waited on; what was saved meanwhile is built with what mends them", async () => {
    save("models/c.sql", table("select 6 as n from {{ reff('a') }}"));
    const { problems } = await next("error");
    assert.match(JSON.stringify(problems), /models\/c\.sql.*reff/);
    save("models/a.sql", table("select 4 as n"));
    await next("error");
    save("models/c.sql", table("select 6 as n"));
    assert.deepEqual(await built(), ["a", "b", "c", "d", "not_null_d_n"]);
    assert.deepEqual(await rowsOf(cwd, "select b.n + d.n as n from main.b, main.d"), [{ n: 30 }]);
    save("models/c.sql", table("select nope"));
    await built();
    save("models/c.sql", table("select 7 as n"));
    await built();
    assert.deepEqual(await rowsOf(cwd, "select n from main.d"), [{ n: 7 }]);
  });

  test("a deleted model is told of, and its table stays", async () => {
    rmSync(join(cwd, "models/b.sql"));
    const { gone, nodes } = await next("files-changed");
    assert.deepEqual([gone, nodes], [["model.shop.b"], []]);
    assert.equal((await rowsOf(cwd, "from main.b")).length, 1);
  });

  test("Ctrl-C during a build ends it all, cleanly", async () => {
    save(
      "models/c.sql",
      table("select sum(a.range * b.range) as n from range(100000000) a, range(100000000) b"),
    );
    await next("node-started");
    run.child.kill("SIGINT");
    const { code, out, err } = await run.ended;
    assert.equal(code, 0);
    assert.deepEqual(await rowsOf(cwd, "select n from main.c"), [{ n: 7 }]);
    const events = new Set(readLog(out + err).map(({ event }) => event));
    for (const event of ["watching", "files-changed", "files-built", "stopping"] as const)
      assert.ok(events.has(event), `every line is a documented event, ${event} too`);
  });
});
