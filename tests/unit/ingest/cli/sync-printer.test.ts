import assert from "node:assert/strict";
import { test } from "node:test";
import { createReporter } from "../../../../ingest/cli/reporter.ts";
import { createSyncPrinter } from "../../../../ingest/cli/sync-printer.ts";
import type { SyncEvent } from "../../../../ingest/sync/events.ts";
import { stillEffects } from "./still-effects.ts";

const options = { output: "text", quiet: false, logFormat: "text" } as const;
const about = { publisher: "eurostat", at: "2026-01-05T12:00:00Z" };
const done = { seconds: 1, bytes: 2_500_000, retries: 0, updated: null };
const events: readonly SyncEvent[] = [
  { ...about, dataset: "a", kind: "started", reason: "named" },
  { ...about, dataset: "a", kind: "progress", bytes: 2_500_000, total: 5_000_000, rows: 0, share: 0 },
  { ...about, dataset: "a", kind: "landed", vintage: "v", rows: 7, rejected: 0, drift: [], ...done },
  { ...about, dataset: "b", kind: "started", reason: "named" },
];

function printed(isTerminal: boolean): string {
  let said = "";
  const sink = { write: (text: string) => void (said += text), isTerminal, width: 100 };
  const effects = stillEffects({ stdout: sink, stderr: sink });
  const printer = createSyncPrinter(effects, createReporter(effects, options), options);
  printer.expect(2);
  for (const event of events) printer.show(event);
  printer.clear();
  return said;
}

test("a terminal has a bar for all that is going on, which is gone at the end; a pipe has a line for each", () => {
  const line = "landed eurostat/a v: 7 rows in 1.00s\n";
  assert.equal(printed(false), line);
  const terminal = printed(true);
  assert.ok(terminal.endsWith(`\r\u001b[K${line}`), "the line takes the place of the bar");
  assert.match(terminal, /░ 0 of 2: a 0 kB/);
});
