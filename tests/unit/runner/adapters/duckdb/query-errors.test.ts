import assert from "node:assert/strict";
import { test } from "node:test";
import { queryError } from "../../../../../runner/adapters/duckdb/query-errors.ts";

const kindOf = (message: string): string => queryError(new Error(message), "select 1").kind;

test("DuckDB's words tell the kind", () => {
  assert.equal(kindOf("Parser Error: syntax error"), "sql");
  assert.equal(kindOf("INTERRUPT Error: Interrupted!"), "cancelled");
  assert.equal(kindOf('IO Error: Could not set lock on file "x"'), "locked");
  assert.equal(kindOf('IO Error: No files found that match "x"'), "io");
  assert.equal(
    kindOf('TransactionContext Error: Catalog write-write conflict on create with "t"'),
    "conflict",
  );
  assert.equal(kindOf("TransactionContext Error: Conflict on tuple deletion!"), "conflict");
  assert.equal(kindOf("TransactionContext Error: Failed to commit: write-write conflict on key"), "conflict");
  assert.equal(
    kindOf("TransactionContext Error: Current transaction is aborted (please ROLLBACK) conflict"),
    "sql",
  );
  assert.equal(
    kindOf("FATAL Error: Failed: database has been invalidated because of a previous fatal error"),
    "lost",
  );
  assert.equal(kindOf("HTTP Error: HTTP GET error on 'https://x/y' (HTTP 503)"), "network");
  assert.equal(kindOf("HTTP Error: HTTP GET error on 'https://x/y' (HTTP 429)"), "network");
  assert.equal(kindOf("HTTP Error: HTTP GET error on 'https://x/y' (HTTP 404)"), "io");
  const { message } = queryError(
    new Error(
      'TransactionContext Error: Failed to commit: Could not write file "w.wal": No space left on device',
    ),
    "",
  );
  assert.match(message, /No space left on device\nthe disk is full: free some space/);
  // A user's text inside a message decides nothing.
  assert.equal(kindOf("Conversion Error: Could not convert string 'write-write conflict' to INT32"), "sql");
});

test("the excerpt goes from the message into line and column", () => {
  const sql = "select 1\nfrom\n  nope";
  const error = queryError(
    new Error("Catalog Error: no nope\nDid you mean x?\n\nLINE 3:   nope\n          ^"),
    sql,
  );
  assert.equal(error.message, "Catalog Error: no nope\nDid you mean x?");
  assert.deepEqual([error.line, error.column], [3, 3]);
});

test("an excerpt that cannot be found again gives the line alone", () => {
  const error = queryError(
    new Error("Binder Error: no\n\nLINE 1: ...zzz nope\n               ^"),
    "select 1",
  );
  assert.deepEqual([error.line, error.column], [1, null]);
});

test("advice on reader options is left out", () => {
  const text =
    "Invalid Input Error: CSV Error on Line: 3\nOriginal Line: 1\nExpected Number of Columns: 2 Found: 1\n" +
    "Possible fixes:\n* Disable the parser's strict mode\n\n  file = /tmp/x.csv\n  delimiter = ,";
  assert.equal(
    queryError(new Error(text), "").message,
    "Invalid Input Error: CSV Error on Line: 3\nOriginal Line: 1\nExpected Number of Columns: 2 Found: 1",
  );
});
