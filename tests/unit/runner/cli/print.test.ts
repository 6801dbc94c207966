import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { printTrace } from "../../../../runner/cli/print/column-trace.ts";
import type { Effects } from "../../../../runner/base/effects.ts";
import { ProjectError, UsageError } from "../../../../runner/base/errors.ts";
import { paintFor } from "../../../../runner/base/paint.ts";
import { formatAge } from "../../../../runner/cli/print/freshness-lines.ts";
import { createLiveBar } from "../../../../runner/cli/print/live-bar.ts";
import { batchLine, nodeLine, runSummary } from "../../../../runner/cli/print/node-lines.ts";
import { reportError } from "../../../../runner/cli/report-error.ts";
import type { NodeResult } from "../../../../runner/execute/results.ts";
import { makeGraph } from "../../../support/make-graph.ts";
import { makeProject, models } from "../../../support/models.ts";

/** Effects that keep what is written. */
function recorded(isTerminal: boolean, width = 60): { effects: Effects; out: string[]; err: string[] } {
  const [out, err]: [string[], string[]] = [[], []];
  const effects: Effects = {
    now: () => new Date("2025-01-01T00:00:00Z"),
    env: {},
    cwd: "/",
    stdout: { write: (text) => void out.push(text), isTerminal, width },
    stderr: { write: (text) => void err.push(text), isTerminal, width },
  };
  return { effects, out, err };
}
const plain = paintFor({ env: { NO_COLOR: "1" } }, { isTerminal: false, width: 80, write: () => undefined });

const graph = makeGraph([{ model: "a" }, { model: `long_${"x".repeat(90)}` }, { model: "odd\u001b[2J" }]);
const [short, long, odd] = [...graph.nodes.keys()];
const result = (uniqueId: string | undefined, change: Partial<NodeResult> = {}): NodeResult => ({
  uniqueId: uniqueId!,
  status: "success",
  message: null,
  failures: null,
  rows: null,
  compiledCode: null,
  relationName: null,
  timing: [],
  threadId: "Thread-1",
  executionTime: 0.5,
  adapterResponse: {},
  ...change,
});
const line = (of: NodeResult): string => nodeLine(graph, { result: of, index: 3, total: 12 }, plain);

describe("a node's line", () => {
  test("tells what became of it, with rows and time", () => {
    assert.match(
      line(result(short, { rows: 1234 })),
      /^ 3\/12 {2}ok {5}view {9}\w+\.a {20,}1,234 rows {3}0\.50s$/,
    );
    assert.match(
      line(result(short, { status: "skipped", message: "skipped: why" })),
      /skip .*\n {8}skipped: why$/,
    );
  });
  test("keeps its columns, whatever the name", () => {
    const at = line(result(short)).indexOf("0.50s");
    assert.equal(line(result(long)).indexOf("0.50s"), at);
    assert.match(line(result(long)), /…/);
    assert.equal(line(result(odd)).includes("\u001b"), false);
  });
  test("shows what went wrong below, without control characters", () => {
    assert.match(
      line(result(short, { status: "error", message: "one\n\u001b[31mtwo" })),
      /ERROR .*\n {8}one\n {8}�\[31mtwo$/,
    );
  });
});

test("a batch's line keeps the columns of its node's, however many batches there are", () => {
  const wait = { start: "", end: "", batch: "2024-03-01", status: "success", message: null } as const;
  const at = (uniqueId: string | undefined, index: number, of: number): (number | undefined)[] => {
    const event = { ...wait, kind: "batch-finished", uniqueId: uniqueId!, index, total: of } as const;
    const told = batchLine(graph, { ...event, rows: 7, executionTime: 0.5 }, 12, plain);
    return [
      /\w+\.(?:a|long_)/.exec(told)?.index,
      told.indexOf("2024-03-01") > 0 ? told.indexOf("0.50s") : -1,
    ];
  };
  const node = line(result(short));
  const [name, time] = [/\w+\.a /.exec(node)!.index, node.indexOf("0.50s")];
  for (const [index, of, more] of [
    [7, 9, 0],
    [7, 99, 0],
    [7, 365, 2],
    [365, 365, 2],
    [7, 1096, 4],
    [1096, 1096, 4],
  ] as const)
    for (const id of [short, long])
      assert.deepEqual(at(id, index, of), [name + more, time], `${index}/${of}`);
});

test("a summary counts, and names what failed with its file", () => {
  const summary = (results: NodeResult[]): string => runSummary(graph, results, 61, plain);
  assert.equal(summary([]), "done in 1m 01s: nothing to do");
  assert.equal(summary([result(short), result(long, { status: "warn" })]), "done in 1m 01s: 1 ok, 1 warning");
  assert.match(
    summary([result(short, { status: "fail" }), result(long, { status: "skipped" })]),
    /^failed in 1m 01s: 0 ok, 1 failed, 1 skipped\n {2}FAIL a \(.*a\.sql:1\)$/,
  );
});

test("an age is told in its largest unit", () => {
  assert.deepEqual([-5, 0, 1, 59.9, 60, 3599, 3600, 86_399, 86_400, 86_400 * 400].map(formatAge), [
    "0 seconds",
    "0 seconds",
    "1 second",
    "59 seconds",
    "1 minute",
    "59 minutes",
    "1 hour",
    "23 hours",
    "1 day",
    "400 days",
  ]);
});

describe("the bar", () => {
  test(
    "appears after two seconds at a terminal, within its width, and is taken away",
    { timeout: 60_000 },
    async () => {
      const { effects, err } = recorded(true);
      const begin = performance.now();
      const bar = createLiveBar(effects);
      bar.update({ done: 1, total: 4, running: ["a_model_with_a_long_name".repeat(5)] });
      while (err.length === 0) await wait(20);
      assert.ok(performance.now() - begin >= 1999, "nothing for what is quick");
      const shown = err
        .join("")
        .split("\r\u001b[2K")
        .findLast((text) => text !== "")!;
      // oxlint-disable-next-line no-control-regex -- colours are left out of the width
      const text = shown.replaceAll(/\u001b\[\d+m/g, "");
      assert.match(text, /^█{6}░{18} 1\/4 {2}(?:[2-9]|\d\d)\.\d+s {2}a_model/);
      assert.ok(text.length < 60, text);
      bar.close();
      assert.equal(err.at(-1), "\r\u001b[2K");
      const after = err.length;
      await wait(300);
      assert.equal(err.length, after);
    },
  );
  test("never appears in a pipe", async () => {
    const { effects, err } = recorded(false);
    const bar = createLiveBar(effects);
    bar.update({ done: 1, total: 4, running: [] });
    bar.clear();
    bar.close();
    assert.deepEqual(err, []);
  });
});

describe("an error", () => {
  test("of the project, of the call, and of ours", () => {
    const say = (error: unknown): [number, string] => {
      const { effects, err } = recorded(false);
      return [reportError(error, effects), err.join("")];
    };
    const problem = { file: "a.sql", line: 1, column: 2, code: "X", message: "wrong", hint: "do so" };
    assert.deepEqual(say(new ProjectError([problem])), [2, "a.sql:1:2 X wrong\n    do so\n1 problem\n"]);
    assert.deepEqual(say(new UsageError("X", "no \u001b[2J", "do so")), [2, "error X no �[2J\n    do so\n"]);
    const [code, text] = say(new TypeError("oops"));
    assert.equal(code, 2);
    assert.match(text, /^error INTERNAL .*please report it\nTypeError: oops\n {4}at /);
  });
  test("is one JSON object for --log-format json", () => {
    const { effects, out, err } = recorded(false);
    reportError(new UsageError("X", "no", "do so"), effects, "json");
    assert.deepEqual(err, []);
    assert.deepEqual(JSON.parse(out.join("")), {
      event: "error",
      at: "2025-01-01T00:00:00.000Z",
      code: "X",
      message: "no",
      hint: "do so",
      exitCode: 2,
    });
  });
});

test("at a terminal lines are coloured, unless NO_COLOR", async () => {
  const cwd = makeProject({ "models/a.sql": "select 1 as x" });
  const coloured = await models(cwd, ["run"], { isTerminal: true });
  assert.ok(coloured.out.includes("\u001b[32mok"));
  const { out, err } = await models(cwd, ["run"], { isTerminal: true, env: { NO_COLOR: "1" } });
  assert.equal((out + err).includes("\u001b[3"), false);
});

test("a run that was stopped says so: without a failure nothing else is skipped", () => {
  const stopped = runSummary(graph, [result(short), result(long, { status: "skipped" })], 1, plain);
  assert.match(stopped, /^stopped in .*: 1 ok, 1 skipped$/);
});

test("a column that comes through thousands of models is printed, its depth in figures where it is great", () => {
  const length = 20_000;
  const columns = Array.from({ length }, (_, i) => ({
    uniqueId: `model.shop.m${i}`,
    node: `m${i}`,
    resourceType: "model",
    column: "x",
    type: "INTEGER",
    complete: true,
  }));
  const edges = columns.slice(1).map((_, i) => ({ from: i + 1, to: i, transformation: "identity" as const }));
  const lines = printTrace({ direction: "upstream", columns, edges, asked: 1 }, "text").split("\n");
  assert.equal(lines.length, length + 1);
  assert.deepEqual([lines[1], lines[41]], ["  m1.x integer", `${"  ".repeat(40)}41: m41.x integer`]);
});
