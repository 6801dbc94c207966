import assert from "node:assert/strict";
import { test } from "node:test";
import { temporaryName } from "../../../../runner/plan/temporary-name.ts";

test("a short name gets the suffix", () => {
  assert.equal(temporaryName("orders", 63), "orders__statloom_tmp");
});

test("a long name stays within the limit in bytes and stays its own", () => {
  for (const letter of ["x", "é", "東", "🏥"]) {
    const long = letter.repeat(63);
    const name = temporaryName(long, 63);
    assert.ok(Buffer.byteLength(name) <= 63, name);
    assert.equal(Buffer.from(name).toString(), name, "no letter is cut in two");
    assert.match(name, /__statloom_tmp$/);
    assert.notEqual(name, temporaryName(`${long}y`, 63));
  }
});
