import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OperationError } from "../../../../runner/base/errors.ts";
import { rememberSecretsOf } from "../../../../runner/base/secrets.ts";
import { createProgress } from "../../../../ingest/cli/progress.ts";
import { createReporter, exitCodeOf } from "../../../../ingest/cli/reporter.ts";
import { stillEffects } from "./still-effects.ts";

function recorded(isTerminal = false) {
  const said = { out: "", err: "" };
  const effects = stillEffects({
    stdout: { write: (text) => void (said.out += text), isTerminal, width: 80 },
    stderr: { write: (text) => void (said.err += text), isTerminal, width: 80 },
  });
  return { said, effects };
}
const text = { output: "text", quiet: false, logFormat: "text" } as const;

describe("the reporter", () => {
  test("prints an error with its code, its subject and its hint, without control characters or a stack", () => {
    const { said, effects } = recorded();
    createReporter(effects, text).error(
      new OperationError("DISK", "no\u001b[2J room", { hint: "free some" }),
      "a\u0007.json",
    );
    assert.equal(said.err, "error DISK a�.json: no�[2J room\n    free some\n");
  });

  test("shows the stack of a bug, and only of a bug", () => {
    const { said, effects } = recorded();
    const bug = new TypeError("x is not a function");
    createReporter(effects, text).error(bug);
    assert.match(said.err, /^error BUG .*please report.*\nTypeError: x is not a function\n {4}at /);
    assert.equal(exitCodeOf(bug), 2);
    assert.equal(exitCodeOf(new OperationError("X", "x")), 1);
  });

  test("keeps standard output for the result when that is JSON", () => {
    const { said, effects } = recorded();
    const reporter = createReporter(effects, { ...text, output: "json" });
    reporter.event("landed", "landed x", {});
    reporter.warn("careful");
    reporter.result("a table", [1]);
    assert.deepEqual(JSON.parse(said.out), [1]);
    assert.equal(said.err, "landed x\nwarning careful\n");
  });

  test("strikes secrets out of every line, and leaves results as they are", () => {
    rememberSecretsOf({
      FEED_TOKEN: 'abc"12345',
      OTHER: "https://me:hid%2Fden@host/x",
      PLAIN: "visible-value",
    });
    for (const logFormat of ["text", "json"] as const) {
      const { said, effects } = recorded();
      const reporter = createReporter(effects, { ...text, logFormat });
      reporter.event("note", 'abc"12345 at https://me:hid%2Fden@host/x', { message: 'abc"12345 hid/den' });
      reporter.warn('token=abc"12345 visible-value');
      reporter.error(
        new OperationError("X", 'no: abc"12345', { hint: "https://u:pass%20word@h/?token=zzz" }),
      );
      assert.doesNotMatch(said.out + said.err, /12345|hid|pass%20word|zzz/);
      assert.match(said.out + said.err, /visible-value/);
      reporter.result('abc"12345', {});
      assert.match(said.out, /abc"12345/);
    }
  });

  test("logs JSON lines with time and level", () => {
    const { said, effects } = recorded();
    createReporter(effects, { ...text, logFormat: "json" }).event("landed", "landed x", { rows: 1 });
    const { run_id: run, ...line } = JSON.parse(said.err) as Record<string, unknown>;
    assert.match(String(run), /^[0-9a-f-]{36}$/);
    assert.deepEqual(line, {
      time: "1970-01-01T00:00:00.000Z",
      level: "info",
      event: "landed",
      rows: 1,
    });
    assert.equal(said.out, "");
  });
});

describe("the bar", () => {
  test("shows after two seconds, at a terminal, and is gone at the end", (context) => {
    let clock = 0;
    context.mock.method(performance, "now", () => clock);
    const { said, effects } = recorded(true);
    const bar = createProgress(effects, "landing x");
    bar.show(0.2);
    assert.equal(said.err, "");
    clock = 3000;
    bar.show(0.25);
    bar.show(0.26);
    assert.equal(said.err, `\r\u001b[Klanding x ${"█".repeat(10)}${"░".repeat(30)}  25 %  9s left`);
    bar.clear();
    assert.ok(said.err.endsWith("\r\u001b[K"));
  });

  test("is not there in a pipe, nor where all was quick", () => {
    for (const isTerminal of [true, false]) {
      const { said, effects } = recorded(isTerminal);
      const bar = createProgress(effects, "landing x");
      bar.show(0.5);
      bar.clear();
      assert.equal(said.err, "");
    }
  });
});
