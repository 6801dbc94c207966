import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { main } from "../../../../runner/cli/main.ts";
import {
  files,
  list,
  LIST,
  LANDED,
  built,
  sink,
  quiet,
  soon,
  notesOf,
  forget,
  run,
  settleOn,
  isRepeated,
  masked,
  pretendBundled,
  noLongerBundled,
} from "../../../support/idle-runs.ts";
import { models, statuses } from "../../../support/models.ts";

describe("a run of which the one before knows that it finds nothing to do", () => {
  before(pretendBundled);
  after(noLongerBundled);

  test("is known before it is made, by what a run has left that built something", async () => {
    const noted = (cwd: string): object => {
      const [path, ...others] = notesOf(cwd);
      assert.ok(path !== undefined && others.length === 0);
      const { from: _, ...note } = JSON.parse(readFileSync(path, "utf8").split("\n")[1]!) as { from: number };
      return note;
    };
    const cwd = await built();
    for (const words of [["build"], ["build", "--full-refresh", "-q"], ["build", "--changed"]]) {
      forget(cwd);
      writeFileSync(join(cwd, "models/b.sql"), `${files["models/b.sql"]} where '${words.join(" ")}' > ''`);
      await models(cwd, words, { now: soon() });
      assert.notEqual(statuses(cwd)["b"], "no-op");
      const known = noted(cwd);
      assert.equal((await run(cwd)).way, "repeated", words.join(" "));
      const artifacts = ["manifest.json", "run_results.json"].map((name) => masked(cwd, name));
      forget(cwd);
      assert.equal((await run(cwd)).way, "found nothing to do");
      assert.deepEqual(noted(cwd), known);
      assert.deepEqual(
        ["manifest.json", "run_results.json"].map((name) => masked(cwd, name)),
        artifacts,
      );
    }
  });

  test("is of what a run has read, whatever becomes of it while that is at work", async () => {
    const cwd = await built();
    const at = (name: string): string => join(cwd, name);
    const all = ["models/b.sql", "seeds/codes.csv", "sql_project.yaml", "selectors.yml", ".env"];
    const edits = new Map(all.map((name) => [name, `${files[name] ?? ""}\n`]));
    edits.set(".env", "ASKED=yes\n");
    const before = new Map(all.map((name) => [name, files[name] ?? ""]));
    // What happens when the first node has ended.
    const during = async (happens: () => void): Promise<void> => {
      let isTold = false;
      const write = (): void => {
        if (!isTold) happens();
        isTold = true;
      };
      let err = "";
      const stderr = { ...sink, write: (text: string) => void (err += text) };
      const effects = { ...quiet, stderr, cwd, now: () => new Date(soon()), stdout: { ...sink, write } };
      assert.equal(await main(["build"], effects), 0, err);
      assert.ok(isTold);
      settleOn(cwd);
    };
    const write = (texts: ReadonlyMap<string, string>): void => {
      for (const [name, text] of texts) writeFileSync(at(name), text);
    };
    write(before);
    await during(() => write(edits));
    for (const name of all) {
      write(before);
      writeFileSync(at(name), edits.get(name)!);
      assert.equal(await isRepeated(cwd), false, name);
    }
    write(before);
    assert.equal(await isRepeated(cwd), true);
    // Later than the fake clock of the run.
    const late = new Date(Date.now() + 3_600_000);
    const touched = (name: string, text: string): void => {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), text);
      utimesSync(at(name), late, late);
    };
    const happenings: (() => void)[] = [
      () => touched(LIST, list(LANDED)),
      () => rmSync(at(LIST)),
      () => touched("target/compiled/shop/models/b.sql", "select 2"),
      () => touched("target/compiled/.written.json", "{}"),
      () => touched("target/manifest.json", "{}"),
      () => touched("data/landing/.ingest/_batches-2025-05.ndjson", "{}\n"),
    ];
    for (const happens of happenings) {
      writeFileSync(at(LIST), list(LANDED));
      await during(happens);
      assert.equal(await isRepeated(cwd), false, String(happens));
    }
  });
});
