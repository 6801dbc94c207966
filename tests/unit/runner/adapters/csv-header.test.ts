import assert from "node:assert/strict";
import { test } from "node:test";
import { OperationError } from "../../../../runner/base/errors.ts";
import { declaredTypes, firstRecord } from "../../../../runner/adapters/csv-header.ts";

test("the first record ends at a line end outside quotes", () => {
  const records: readonly (readonly [string, string, number])[] = [
    ["a,b\n1,2\n", "a,b", 0],
    ["a,b\r\n1,2", "a,b", 0],
    ["a\r1\r", "a", 0],
    ["a,b", "a,b", 0],
    ['"a\nb","c ""\n"" d",e\n1', '"a\nb","c ""\n"" d",e', 0],
    ["\n\r\n\na\n1", "a", 3],
    ["", "", 0],
    ["\n\n", "", 2],
    ['"never closed\n1', '"never closed\n1', 0],
  ];
  for (const [text, record, skipped] of records) {
    assert.deepEqual(firstRecord(text), { record, skipped }, JSON.stringify(text));
  }
});

test("columns keep their order; declared types find theirs without case", () => {
  const csv = { path: "/p/s.csv", delimiter: ",", columnTypes: { B: "date" } };
  assert.deepEqual(
    declaredTypes(["a", "b"], csv, (name) => name.toLowerCase()),
    [
      { name: "a", type: null },
      { name: "b", type: "date" },
    ],
  );
});

test("a column named as something that every object has is a column", () => {
  const csv = { path: "/p/s.csv", delimiter: ",", columnTypes: {} };
  assert.deepEqual(
    declaredTypes(["__proto__", "constructor"], csv, (name) => name),
    [
      { name: "__proto__", type: null },
      { name: "constructor", type: null },
    ],
  );
});

test("one column that looks like several is told, with the delimiter that the file has", () => {
  const read = (name: string, delimiter: string) =>
    declaredTypes([name], { path: "/p/s.csv", delimiter, columnTypes: {} }, (each) => each);
  assert.throws(
    () => read("id;name", ","),
    (error) =>
      error instanceof OperationError &&
      error.message ===
        'the first line of s.csv is one column, "id;name", as "," is what separates columns' &&
      error.hint === 'say what the file has: config: {delimiter: ";"}',
  );
  assert.throws(() => read("id\tname", ";"), /one column/);
  assert.deepEqual(read("a name", ","), [{ name: "a name", type: null }]);
});
