import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { DiskThread } from "../../../../runner/artifacts/beside/disk-thread.ts";
import { OperationError } from "../../../../runner/base/errors.ts";
import { sha256 } from "../../../../runner/base/hash.ts";
import { stampsAhead, textsAhead } from "../../../../runner/project/ahead/read-ahead.ts";
import type { FilesAhead } from "../../../../runner/project/ahead/read-ahead.ts";
import { findPaths } from "../../../../runner/project/find-files.ts";
import { readContents } from "../../../../runner/project/read-contents.ts";
import { stampsOf, unpackStamps } from "../../../../runner/project/stamps.ts";
import { tempFolder, writeFiles } from "../../../support/temp.ts";

/** As a thread would have read it. */
function aheadOf(root: string, isKept = false): FilesAhead {
  const paths = findPaths(root);
  return {
    root,
    isKept,
    lookedAt: 0,
    paths: () => paths,
    texts: Promise.resolve(textsAhead({ root, isKept, paths })),
    stamps: Promise.resolve(stampsAhead({ root, isKept, paths })),
    giveBack: (memory) => memory.forEach((one) => new Uint8Array(one).fill(255)),
  };
}

type Read = Awaited<ReturnType<typeof readContents>> & { readonly hashes: Map<string, string> };

async function read(root: string, ahead?: FilesAhead): Promise<Read> {
  const hashes = new Map<string, string>();
  const contents = await readContents(root, {
    seen: (path, text, hash) => hashes.set(path, hash ?? sha256(text)),
    ahead,
  });
  const known = contents.files.models.map((file) => ({
    ...file,
    checksum: file.checksum ?? sha256(file.text.trim()),
  }));
  return { ...contents, files: { ...contents.files, models: known }, hashes };
}

/** Without what nobody asks for: checksums of what is no model, hashes of what is no text. */
const plain = ({ files, ...rest }: Read): object => ({
  ...rest,
  hashes: [...rest.hashes]
    .filter(([path]) => !rest.problems.some(({ file, code }) => file === path && code === "FILE_NOT_UTF8"))
    .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  files: Object.entries(files).map(([kind, of]) => [
    kind,
    of.map((file) => (kind === "models" ? file : { ...file, checksum: null })),
  ]),
});

const FILES = {
  "models/_m.yml": "models:\r\n  - name: a\r\n    descripton: é\r\n",
  "models/about.md": "{% docs about %}\nÄrger\n{% enddocs %}\n",
  "models/deep/b.sql": "\uFEFF\n\u00A0select 1 \u2028\n",
  "macros/m.sql": "{{! macro m() }}\n1\n",
  "macros/s.mjs": "export const s = () => 1;\n",
  "seeds/s.csv": "a\n1\n",
  "tests/t.sql": "select 1 where false\r\n",
  "tests/fixtures/f.csv": "a\n1\n",
};

test("what another thread has read is what is read here: any bytes, in files of any size", async () => {
  const root = writeFiles(tempFolder(), FILES);
  const some = fc.oneof(
    fc
      .string({ unit: fc.constantFrom(" ", "\t", "\n", "\v", "\u00A0", "\uFEFF", "a", "é", "€", "😀") })
      .map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(some, { maxLength: 8 }), fc.nat(3_000_000), async (texts, long) => {
      const all = [...texts, Buffer.alloc(long, "select 1\n"), Buffer.alloc(0)];
      for (let i = 0; i < 10; i++) writeFileSync(join(root, `models/m${i}.sql`), all[i % all.length]!);
      assert.deepEqual(plain(await read(root, aheadOf(root, long % 2 === 0))), plain(await read(root)));
    }),
    { numRuns: 12 },
  );
});

test("a thread reads a project, and then writes", async () => {
  const root = writeFiles(tempFolder(), FILES);
  const thread = new DiskThread({ root, isKept: true }, 5);
  const { paths, stamps, lookedAt } = thread.ahead!;
  assert.equal(lookedAt, 5);
  assert.deepEqual(unpackStamps(paths(), (await stamps)!), stampsOf(root, findPaths(root)));
  const there = await read(root, thread.ahead);
  assert.deepEqual(plain(there), plain(await read(root)));
  assert.equal(there.files.models[0]!.checksum, sha256("select 1"));
  thread.writeInto(join(root, "target")).put("a.sql", "select 1");
  assert.equal(thread.isFree, false);
  assert.equal(await thread.end(), true);
});

test("what cannot be read is told as if nobody had tried before, and the thread can still write", async () => {
  const root = writeFiles(tempFolder(), FILES);
  symlinkSync(join(root, "nowhere"), join(root, "models/c.sql"));
  const thread = new DiskThread({ root, isKept: false });
  await assert.rejects(read(root, thread.ahead), (error) => {
    assert.ok(error instanceof OperationError);
    return error.message.startsWith("cannot read models/c.sql: ENOENT");
  });
  thread.writeInto(join(root, "target")).put("a.sql", "select 1");
  assert.equal(await thread.end(), true);
});

test("a thread that is stopped has come to nothing", async () => {
  const root = writeFiles(tempFolder(), FILES);
  mkdirSync(join(root, "snapshots"));
  const thread = new DiskThread({ root, isKept: false });
  thread.stop();
  assert.equal(thread.isFree, false);
  assert.deepEqual(plain(await read(root, thread.ahead)), plain(await read(root)));
});
