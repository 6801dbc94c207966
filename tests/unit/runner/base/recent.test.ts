import assert from "node:assert/strict";
import { test } from "node:test";
import { Recent } from "../../../../runner/base/recent.ts";

test("what was asked for last stays, what nobody asks for goes", () => {
  const recent = new Recent<{ readonly of: string }>(2);
  const ask = (text: string): string | undefined => recent.get(text)?.of;
  for (const text of ["a", "b", "c"]) recent.set(text, { of: text });
  assert.equal(ask("a"), "a");
  for (const text of ["d", "e"]) recent.set(text, { of: text });
  assert.deepEqual(["d", "e", "b", "a"].map(ask), ["d", "e", undefined, "a"]);
  for (let i = 0; i < 1000; i++) recent.set(`${i}`, { of: `${i}` });
  assert.equal(ask("a"), undefined);
  assert.equal(ask("999"), "999");
});
