import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { connect, postgresForTests } from "../../../support/postgres.ts";
import { tempFolder } from "../../../support/temp.ts";
import { ingest as run, toy } from "./recorded.ts";

const server = await postgresForTests();

describe("a project with staging tables", { skip: server.skip }, () => {
  if (server.skip !== false) return;
  const sql = connect(server.url);
  let count = 0;
  /** A project of its own, with a schema of its own. */
  function project({ url = server.url, more = "" } = {}) {
    const root = tempFolder("statloom-staging-cli-");
    const schema = `cli_${process.pid}_${++count}`;
    const write = (name: string, text: string): void => writeFileSync(join(root, name), text);
    const configure = (address: string): void =>
      write(
        "sql_project.yaml",
        `name: p\ntarget: d\ntargets: {d: {type: duckdb, path: w.duckdb}}\ningest: {staging: {url: "${address}", schema: ${schema}}${more}}\n`,
      );
    configure(url);
    const ingest = (...words: string[]) => run([...words, "--output", "json"], { cwd: root });
    const read = async (name: string, order: string) =>
      (await sql.unsafe(`select * from "${schema}"."${name}" order by ${order}`)).map((row) =>
        Object.fromEntries(Object.entries(row)),
      );
    const table = () => read("eurostat__toy_1", "geo, time_period");
    return { ingest, write, configure, read, table, schema };
  }
  const fewer = (updated: string): string =>
    toy({
      updated,
      values: [1, "n/a", 2.5],
      more: {
        size: [1, 3],
        status: { "1": "p", "2": "b" },
        dimension: {
          geo: { label: "Country", category: { index: { DE: 0 }, label: { DE: "Germany" } } },
          time: { category: { index: { "2023": 0, "2024": 1, later: 2 } } },
        },
      },
    });
  const drift = { held: ", drift: {codes_gone: fail}", let: ", drift: {codes_gone: accept}" };
  const parse = ({ out }: { out: string }) => JSON.parse(out) as Record<string, unknown>;

  for (const partition of [
    "",
    ", datasets: [{publisher: eurostat, code: toy_1, partition_by: [geo, year]}]",
  ]) {
    test(`stages what ingest accept lets in, as it does what lands${partition && ", from partitions too"}`, async () => {
      const [held, direct] = [project({ more: drift.held + partition }), project({ more: drift.let })];
      for (const one of [held, direct]) {
        one.write("1.json", toy({ updated: "2025-01-01" }));
        one.write("2.json", fewer("2025-02-01"));
        assert.equal((await one.ingest("file", "1.json")).code, 0);
      }
      assert.equal((await held.ingest("file", "2.json")).code, 1);
      assert.equal((await held.table()).length, 4);
      assert.equal((await direct.ingest("file", "2.json")).code, 0);
      const accepted = parse(await held.ingest("accept", "toy_1"));
      assert.equal(accepted["outcome"], "accepted");
      const { seconds: _, ...staging } = accepted["staging"] as Record<string, unknown>;
      assert.deepEqual(staging, {
        outcome: "loaded",
        table: `${held.schema}.eurostat__toy_1`,
        rows: 3,
        inserted: 1,
        updated: 1,
        deleted: 2,
        unchanged: 1,
      });
      const rows = async (one: typeof held) =>
        (await one.table()).map(({ _batch_id: batch, ...row }) => ({ ...row, batch: typeof batch }));
      assert.deepEqual(await rows(held), await rows(direct));
      for (const name of ["eurostat__toy_1__dimensions", "slices"])
        assert.deepEqual(await held.read(name, "1, 2, 3"), await direct.read(name, "1, 2, 3"));
      const again = parse(await held.ingest("accept", "toy_1", "2025-02"));
      assert.deepEqual(
        [again["outcome"], (again["staging"] as Record<string, unknown>)["outcome"]],
        ["already", "already"],
      );
    });
  }

  test("says that an edition is accepted, or has landed, when it cannot be staged, and catches up", async () => {
    const one = project({ more: drift.held });
    const nowhere = "postgres://postgres@127.0.0.1:1/none";
    one.write("1.json", toy({ updated: "2025-01-01" }));
    one.write("2.json", fewer("2025-02-01"));
    one.configure(nowhere);
    const failed = await one.ingest("file", "1.json");
    assert.notEqual(failed.code, 0);
    const [result, ...others] = JSON.parse(failed.out) as Record<string, unknown>[];
    assert.deepEqual(others, []);
    assert.deepEqual([result?.["outcome"], result?.["rows"], result?.["document"]], ["landed", 4, "1.json"]);
    assert.equal((result?.["error"] as Record<string, unknown> | undefined)?.["code"], "STAGING_FAILED");
    await one.ingest("file", "2.json");
    const accepted = await one.ingest("accept", "toy_1");
    assert.equal(accepted.code, failed.code);
    const said = parse(accepted);
    assert.deepEqual([said["outcome"], said["current"]], ["accepted", true]);
    assert.equal((said["error"] as Record<string, unknown>)["code"], "STAGING_FAILED");
    assert.match(accepted.err, /STAGING_FAILED/);
    one.configure(server.url);
    assert.equal((await one.ingest("accept", "toy_1", "2025-02")).code, 0);
    assert.equal((await one.table()).length, 3);
  });
});
