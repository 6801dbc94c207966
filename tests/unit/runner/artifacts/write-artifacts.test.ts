import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { Batching, filesIn } from "../../../../runner/artifacts/beside/batches.ts";
import type { SqlBatch } from "../../../../runner/artifacts/beside/batches.ts";
import { sqlThread, writeSql, writeSqlBeside } from "../../../../runner/artifacts/write-artifacts.ts";
import { sqlPath } from "../../../../runner/artifacts/sql-paths.ts";
import { OperationError } from "../../../../runner/base/errors.ts";
import type { Graph } from "../../../../runner/graph/types.ts";

test("what is handed to another thread is what it was", () => {
  const texts = fc.string({ unit: "binary", maxLength: 20 });
  fc.assert(
    fc.property(fc.array(fc.tuple(texts, texts)), fc.nat(1 << 21), (files, long) => {
      const all = [...files, ["long", "€".repeat(long % 400_000)] as const, ...files];
      const sent: SqlBatch[] = [];
      const batching = new Batching((batch) => sent.push(batch));
      for (const [file, text] of all) batching.put(file, text);
      batching.flush();
      const got = sent.flatMap((batch) =>
        Array.from(filesIn(batch), ([file, bytes]) => [file, Buffer.from(bytes).toString()]),
      );
      assert.deepEqual(
        got,
        // Half a pair is no character and is written as the sign for that, in files too.
        all.map(([file, text]) => [file, `${Buffer.from(text).toString()}\n`]),
      );
    }),
    { numRuns: 30 },
  );
});

const COUNT = 3200;
const ids = Array.from({ length: COUNT }, (_, i) => `model.shop.m${i}`);
const nodes = new Map(
  ids.map((id, i) => [
    id,
    { resourceType: "model", packageName: "shop", originalFilePath: `models/${i % 7}/m${i}.sql` },
  ]),
);
const graph = { nodes } as unknown as Graph;
const texts = (): [string, string][] => ids.map((id, i) => [id, `select '${i} €'`]);

const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [path.slice(folder.length), readFileSync(path, "utf8")]),
  );

test("thousands of files are written beside something else as they are by themselves, and told when that fails", async (t) => {
  const target = mkdtempSync(join(tmpdir(), "statloom-target-"));
  t.after(() => rmSync(target, { recursive: true }));
  const lines = texts().map(([id, text]): [string, string] => [id, `${text}\n`]);
  writeSql(join(target, "one"), "compiled", graph, lines);
  const order: string[] = [];
  const beside = (folder: string, listed: boolean): Promise<string> => {
    const thread = sqlThread(join(target, folder), "compiled", COUNT)!;
    for (const [id, text] of texts()) thread.put(sqlPath(graph.nodes.get(id)!), text);
    return writeSqlBeside(join(target, folder), "compiled", { graph, texts }, thread, async () => {
      order.push(existsSync(join(target, folder, "compiled/.written.json")) === listed ? "before" : "after");
      return "done";
    });
  };
  assert.equal(sqlThread(target, "compiled", 10), undefined, "few");
  assert.equal(await beside("two", false), "done");
  assert.deepEqual(contents(join(target, "two")), contents(join(target, "one")));
  assert.equal(await beside("two", true), "done");
  assert.deepEqual(order, ["before", "before"]);

  mkdirSync(join(target, "three/compiled"), { recursive: true });
  writeFileSync(join(target, "three/compiled/shop"), "in the way");
  await assert.rejects(beside("three", false), OperationError);
});
