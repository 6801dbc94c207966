import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import { putFile, spliceAtomic } from "../../../../runner/base/files.ts";
import { tempFolder } from "../../../support/temp.ts";
import { anyText } from "../../../support/any-text.ts";

const path = join(tempFolder(), "file.txt");

describe("a file with other texts in some places", () => {
  test("is what cutting its text would give", async () => {
    const texts = anyText({ maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1, maxLength: 400 }).map((text) => text.replaceAll(/[^ -~]/g, "x")),
        fc.uniqueArray(fc.nat(400), { minLength: 0, maxLength: 8 }),
        fc.array(texts, { minLength: 4, maxLength: 4 }),
        async (old, marks, others) => {
          const cuts = marks.map((mark) => mark % (old.length + 1)).toSorted((a, b) => a - b);
          const splices = Array.from({ length: Math.floor(cuts.length / 2) }, (_, i) => ({
            from: cuts[2 * i]!,
            to: cuts[2 * i + 1]!,
            text: others[i]!,
          }));
          let expected = "";
          let at = 0;
          for (const { from, to, text } of splices) {
            expected += old.slice(at, from) + text;
            at = to;
          }
          writeFileSync(path, old);
          assert.equal(await spliceAtomic(path, splices, () => true), true);
          assert.equal(readFileSync(path, "utf8"), Buffer.from(expected + old.slice(at)).toString());
        },
      ),
      { numRuns: 60 },
    );
  });

  test("stays as it was where it is another file by then, and leaves nothing beside it", async () => {
    writeFileSync(path, "old");
    let asked = 0;
    assert.equal(await spliceAtomic(path, [{ from: 0, to: 1, text: "new" }], () => asked++ === 0), false);
    assert.equal(readFileSync(path, "utf8"), "old");
    assert.deepEqual(readdirSync(dirname(path)), ["file.txt"]);
    assert.equal(await spliceAtomic(`${path}.gone`, [], () => true), false);
    assert.equal(existsSync(`${path}.gone`), false);
  });
});

test("a file is put where there is none and where there is one, and a failure leaves nothing", () => {
  const folder = tempFolder();
  const file = join(folder, "a.sql");
  putFile(file, "select 1");
  putFile(file, "select é");
  assert.equal(readFileSync(file, "utf8"), "select é");
  assert.throws(() => putFile(join(file, "b.sql"), "select 2"), { code: "DISK" });
  assert.throws(() => putFile(folder, "select 2"), { code: "DISK" });
  assert.deepEqual(readdirSync(folder), ["a.sql"]);
});
