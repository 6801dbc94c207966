import assert from "node:assert/strict";
import { test } from "node:test";
import { QueryError } from "../../../../../runner/adapters/query-error.ts";
import { queryError } from "../../../../../runner/adapters/postgres/query-errors.ts";

const told = (code: string, message: string, isStopped = false): QueryError => {
  const cause = Object.assign(new Error(message), { name: "PostgresError", code });
  const error = queryError(cause, "select 1", isStopped);
  assert.ok(error instanceof QueryError);
  return error;
};

test("a statement that a timeout ended was not cancelled by anybody, and it is said what to raise", () => {
  const late = told("57014", "canceling statement due to statement timeout");
  assert.deepEqual(
    [late.kind, late.message, late.retryable],
    [
      "sql",
      "canceling statement due to statement timeout (57014)\nit takes longer than statement_timeout allows: raise that of the target, or of its user",
      false,
    ],
  );
  const stopped = told("57014", "canceling statement due to user request");
  const inGerman = told("57014", "storniere Anfrage wegen Benutzeraufforderung", true);
  for (const { kind, message } of [stopped, inGerman])
    assert.deepEqual([kind, message], ["cancelled", "the statement was cancelled"]);
});
