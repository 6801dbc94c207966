import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createMetrics } from "../../../../ingest/observe/metrics.ts";
import { packageRoot } from "../../../../runner/base/package-root.ts";

type Panel = { title: string; type: string; targets?: { expr: string; legendFormat: string }[] };
const dashboard = JSON.parse(readFileSync(join(packageRoot(), "deploy/grafana/statloom.json"), "utf8")) as {
  panels: Panel[];
  templating: { list: { query: string }[] };
};

const FUNCTIONS = new Set("sum by le topk rate increase histogram_quantile label_values".split(" "));

/** Every metric after a week in which everything happened, with the labels that each sample has. */
async function scraped(): Promise<Map<string, Set<string>>> {
  const metrics = createMetrics({
    now: () => new Date("2025-05-01T00:00:00Z"),
    datasets: () => [{ publisher: "p", dataset: "d", landedAt: 1, checkedAt: 1, isDue: true, isDead: false }],
    tasks: () => [{ task: "feed:p", lastAt: 1, nextAt: 2, isRunning: true }],
  });
  const done = { publisher: "p", dataset: "d", at: "", seconds: 1, bytes: 1, retries: 1, updated: null };
  metrics.onSync({ ...done, kind: "landed", vintage: "v", rows: 1, rejected: 1, drift: [] });
  metrics.onSync({
    ...done,
    kind: "failed",
    code: "X",
    message: "",
    hint: null,
    attempts: 1,
    retryAt: null,
    dead: true,
  });
  metrics.onBuild({ kind: "node", resourceType: "model", node: "a", status: "success", seconds: 1, rows: 1 });
  metrics.onBuild({ kind: "ended", outcome: "failed", seconds: 1, errors: 1, message: null, isCrash: false });
  metrics.onTask("feed:p", "ok");
  metrics.onAlertsUnsent(1);
  const found = new Map<string, Set<string>>();
  for (const line of (await metrics.text()).split("\n")) {
    const [, name, labels = ""] = /^([a-z_0-9]+)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name === undefined) continue;
    const names = [...labels.matchAll(/([a-z_]+)="/g)].map(([, label]) => label!);
    found.set(name, new Set([...(found.get(name) ?? []), ...names]));
  }
  return found;
}

describe("the Grafana dashboard", () => {
  const panels = dashboard.panels.filter(({ type }) => type !== "row");
  const expressions = [
    ...panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr, legendFormat }) => ({ title, expr, legendFormat })),
    ),
    ...dashboard.templating.list
      .slice(1)
      .map(({ query }) => ({ title: "variable", expr: query, legendFormat: "" })),
  ];

  test("asks for metrics and labels that there are, and for nothing else", async () => {
    const known = await scraped();
    assert.ok(expressions.length > 25);
    for (const { title, expr, legendFormat } of expressions) {
      const bare = expr.replaceAll(/"[^"]*"/g, '""').replaceAll(/\[\w+\]/g, "");
      const words = [...bare.matchAll(/[a-z_][a-z_0-9]*/g)]
        .map(([word]) => word)
        .filter((word) => !FUNCTIONS.has(word));
      const metrics = words.filter((word) => known.has(word));
      assert.ok(metrics.length > 0, `${title}: ${expr} asks for no metric that there is`);
      const labels = new Set(metrics.flatMap((name) => [...known.get(name)!]));
      const strangers = words.filter((word) => !known.has(word) && !labels.has(word));
      assert.deepEqual(strangers, [], `${title}: ${expr}`);
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
        assert.ok(labels.has(label!), `${title}: no label "${label}"`);
    }
  });

  test("shows every metric of ours", async () => {
    const all = expressions.map(({ expr }) => expr).join("\n");
    const missing = [...(await scraped()).keys()].filter(
      (name) => name.startsWith("statloom_") && !all.includes(name.replace(/_(bucket|sum|count)$/, "")),
    );
    assert.deepEqual(missing, []);
  });
});
