import assert from "node:assert/strict";
import { test } from "node:test";
import { TextWriter } from "../../../../runner/base/text-writer.ts";

test("texts of any length come out as bytes, one after the other", () => {
  const out = new TextWriter();
  const texts = ["", "plain", "Žluťoučký kůň 数 🦄", "x".repeat(5000), "č".repeat(3_000_000), "end"];
  let [wanted, taken] = ["", Buffer.alloc(0)];
  for (const text of texts) {
    out.text(text);
    wanted += text;
    assert.equal(out.position, Buffer.byteLength(wanted));
    if (out.isFull) taken = Buffer.concat([taken, out.take()]);
  }
  taken = Buffer.concat([taken, out.take()]);
  assert.equal(taken.toString(), wanted);
  assert.equal(out.position, taken.length);
});

test("what was taken stays as it is while the next is written", () => {
  const out = new TextWriter();
  for (let i = 0; !out.isFull; i++) out.text(`text ${i}`);
  const taken = out.take();
  const before = Buffer.from(taken);
  for (let i = 0; !out.isFull; i++) out.text("y".repeat(500));
  assert.deepEqual(Buffer.from(taken), before);
});
