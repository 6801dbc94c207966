import assert from "node:assert/strict";
import { chmodSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { inlineAsUsual } from "../../../../runner/base/inline-less.ts";
import { runKept } from "../../../../runner/base/kept-script.ts";
import { tempFolder } from "../../../support/temp.ts";

type Said = { readonly say: () => string; readonly load: () => Promise<{ readonly sep: string }> };

/** Of one length whatever is said, and touched at one time. */
function scriptSaying(folder: string, text: string, seconds = 1_000_000_000): URL {
  const path = join(folder, "script.cjs");
  const body = `module.exports = { say() { return "${text}" + require("node:path").basename(__filename); }, load: () => imported("node:path") };`;
  writeFileSync(path, `(function (module, require, __filename, imported) { ${body} })`);
  utimesSync(path, seconds, seconds);
  return pathToFileURL(path);
}

describe("a script whose compiled form is kept", () => {
  const wasMapped = process.sourceMapsEnabled;
  const { XDG_CACHE_HOME, NODE_V8_COVERAGE, NODE_DISABLE_COMPILE_CACHE } = process.env;
  const restored = { XDG_CACHE_HOME, NODE_V8_COVERAGE, NODE_DISABLE_COMPILE_CACHE };
  before(() => {
    for (const name of Object.keys(restored)) delete process.env[name];
    process.setSourceMapsEnabled(false);
    // As in a process that begins: a test that ran a command in this one has changed what V8 was told.
    inlineAsUsual();
  });
  after(() => {
    for (const [name, value] of Object.entries(restored))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    process.setSourceMapsEnabled(wasMapped);
  });

  test("a script runs from what an earlier call has kept, until anything about it is another", async () => {
    const folder = tempFolder();
    process.env["XDG_CACHE_HOME"] = join(folder, "cache");
    const kept = (): string[] => readdirSync(join(folder, "cache/statloom/scripts")).toSorted();
    const run = (text: string, hash = "one", purpose = "ls"): string => {
      const script = runKept<Said>(scriptSaying(folder, text), hash, purpose);
      const said = script?.exports.say() ?? "nothing";
      script?.keep();
      return said;
    };
    assert.equal(run("first "), "first script.cjs");
    const [file, ...more] = kept();
    assert.match(file!, /^ls-[0-9a-f]{16}$/);
    assert.deepEqual(more, []);
    const path = join(folder, "cache/statloom/scripts", file!);
    // What V8 takes is left as it is, but by a run that happens to take twice as long.
    const isTaken = (): boolean => {
      const { ino } = statSync(path);
      return run("first ") === "first script.cjs" && statSync(path).ino === ino;
    };
    assert.ok(Array.from({ length: 20 }).some(isTaken));
    assert.equal(run("other ", "two"), "other script.cjs");
    assert.equal(run("third ", "one", "--complete"), "third script.cjs");
    assert.equal(run("third ", "one", "../../of/anybody"), "third script.cjs");
    assert.deepEqual(
      kept().map((name) => name.replace(/-[0-9a-f]*$/, "")),
      ["complete", "ls", "ls", "other"],
    );
    const edited = runKept<Said>(scriptSaying(folder, "fourth", 1_000_000_001), "one", "ls");
    assert.equal(edited?.exports.say(), "fourthscript.cjs");
    assert.equal((await edited.exports.load()).sep.length, 1);

    const whole = readFileSync(path);
    for (const damaged of [
      whole.subarray(0, 20),
      whole.subarray(0, -7),
      Buffer.from(whole).fill(7, 500, 510),
    ]) {
      writeFileSync(path, damaged);
      assert.equal(run("fifth "), "fifth script.cjs");
      assert.notDeepEqual(readFileSync(path), damaged);
    }
  });

  test("files of old versions do not add up", () => {
    const folder = tempFolder();
    process.env["XDG_CACHE_HOME"] = folder;
    for (let i = 0; i < 34; i++) runKept<Said>(scriptSaying(folder, "x"), `${i}`, "ls")?.keep();
    assert.equal(readdirSync(join(folder, "statloom/scripts")).length, 30);
  });

  test("nothing is run from where others can write, or where nothing shall be kept", (context) => {
    const folder = tempFolder();
    const script = scriptSaying(folder, "x");
    const run = (env: Readonly<Record<string, string>>): boolean => {
      Object.assign(process.env, env);
      const found = runKept<Said>(script, "one", "ls") !== undefined;
      for (const name of Object.keys(env)) delete process.env[name];
      return found;
    };
    const cache = { XDG_CACHE_HOME: join(folder, "cache") };
    assert.ok(run(cache));
    assert.ok(!run({ ...cache, NODE_DISABLE_COMPILE_CACHE: "1" }));
    assert.ok(!run({ ...cache, NODE_V8_COVERAGE: folder }));
    process.setSourceMapsEnabled(true);
    assert.ok(!run(cache));
    process.setSourceMapsEnabled(false);
    assert.ok(!run({ XDG_CACHE_HOME: join(folder, "script.cjs") }));
    if (process.platform === "win32") return context.skip("folders have no modes here");
    const scripts = join(folder, "cache/statloom/scripts");
    assert.equal(statSync(scripts).mode & 0o777, 0o700);
    chmodSync(scripts, 0o770);
    assert.ok(!run(cache));
    chmodSync(scripts, 0o700);
    assert.ok(run(cache));
  });
});
