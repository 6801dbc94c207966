import assert from "node:assert/strict";
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { identityNow, settleFiles } from "../../../../runner/api/parse-cache/held-files.ts";
import { readHeader } from "../../../../runner/api/parse-cache/store.ts";
import { main } from "../../../../runner/cli/main.ts";
import {
  incremental,
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
import { makeProject, models, statuses } from "../../../support/models.ts";

type Noted = { readonly from: number; readonly sql: { readonly files: readonly string[] } };

describe("a run of which the one before knows that it finds nothing to do", () => {
  before(pretendBundled);
  after(noLongerBundled);

  test("is known before it is made, by what a run has left that built something", async () => {
    const noted = (cwd: string): object => {
      const [path, ...others] = notesOf(cwd);
      assert.ok(path !== undefined && others.length === 0);
      const { from: _, sql, ...note } = JSON.parse(readFileSync(path, "utf8").split("\n")[1]!) as Noted;
      return { ...note, files: sql.files };
    };
    const cwd = await built({ "models/i.sql": incremental });
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
      assert.ok(readFileSync(join(cwd, "target/compiled/shop/models/i.sql"), "utf8").includes("where false"));
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
    // What happens when the seed has been loaded: what it holds is what its file was then.
    const during = async (happens: () => void): Promise<void> => {
      let isTold = false;
      const write = (text: string): void => {
        if (isTold || !text.includes("main.codes")) return;
        happens();
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
      () => appendFileSync(at("target/manifest.json"), " "),
      () => touched("data/landing/.ingest/_batches-2025-05.ndjson", "{}\n"),
    ];
    for (const happens of happenings) {
      writeFileSync(at(LIST), list(LANDED));
      await during(happens);
      assert.equal(await isRepeated(cwd), false, String(happens));
    }
  });

  test("is known of several calls that take turns, and puts right what others have left", async () => {
    const cwd = await built();
    const target = (name: string): string => join(cwd, "target", name);
    const calls = [["build"], ["build", "-s", "a"], ["build", "-s", "b"], ["run", "-s", "a", "b"]];
    const wayOfCall = async ([command, ...words]: readonly string[]): Promise<string> => {
      const now = soon();
      const ran = await models(cwd, [command!, "--changed", ...words], { now });
      assert.equal(ran.code, 0, ran.err);
      if (Object.values(statuses(cwd)).some((status) => status !== "no-op")) return "built";
      const used = notesOf(cwd).some((path) => Math.round(statSync(path).mtimeMs) === Date.parse(now));
      return used ? "repeated" : "found nothing to do";
    };
    const artifacts = (): string[] => ["manifest.json", "run_results.json"].map((name) => masked(cwd, name));
    const left: string[][] = [];
    for (const [i, call] of calls.entries()) {
      assert.equal(await wayOfCall(call), i === 0 ? "built" : "found nothing to do");
      if (i === 0) assert.equal(await wayOfCall(call), "repeated");
      left.push(artifacts());
    }
    assert.equal(new Set(left.map(([manifest]) => manifest)).size, 4);
    for (const i of [0, 3, 1, 2, 2, 0, 1, 3]) {
      assert.equal(await wayOfCall(calls[i]!), "repeated", String(i));
      assert.deepEqual(artifacts(), left[i]);
    }
    const others: (() => unknown)[] = [
      () => models(cwd, ["compile", "-s", "c"]),
      () => models(cwd, ["parse"]),
      () => models(cwd, ["test", "-s", "b"]),
      () => models(cwd, ["build", "--changed", "--target", "prod"]),
      () => rmSync(target("manifest.json")),
      () => rmSync(target("run_results.json")),
    ];
    for (const happens of others) {
      await happens();
      // What was tested is no other, but the warehouse has noted it.
      while ((await wayOfCall(calls[0]!)) !== "repeated") assert.match(String(happens), /test/);
      assert.deepEqual(artifacts(), left[0], String(happens));
    }
    forget(cwd);
    for (let i = 60; i > 53; i--) {
      assert.equal(await wayOfCall(["build", "--lock-timeout", String(i)]), "found nothing to do");
    }
    assert.equal(notesOf(cwd).length, 6);
    const kept = readdirSync(target("parsed")).filter((name) => /^manifest-.*kept$/.test(name));
    assert.ok(kept.length <= 4);
    assert.equal(await wayOfCall(["build", "--lock-timeout", "59"]), "repeated");
    assert.equal(await wayOfCall(["build", "--lock-timeout", "60"]), "found nothing to do");
  });

  test("reads files no more that were young when they were kept", async () => {
    const cwd = makeProject({ "models/a.sql": "select 1 as id" });
    const folder = join(cwd, "target/parsed");
    const then = Date.now();
    await models(cwd, ["build"], { now: new Date(then).toISOString() });
    const young = (): number => readHeader(folder)!.inputs.filter(({ stamp }) => stamp === null).length;
    assert.equal(young(), 1);
    const identity = identityNow(folder, cwd, then);
    assert.equal(young(), 1);
    settleFiles(folder, cwd, then + 3_600_000);
    assert.equal(young(), 0);
    assert.equal(identityNow(folder, cwd, then), identity);
    writeFileSync(join(cwd, "models/a.sql"), "select 2 as id");
    assert.notEqual(identityNow(folder, cwd, then), identity);
  });
});
