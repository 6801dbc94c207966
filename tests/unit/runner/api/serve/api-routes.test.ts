import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createApi } from "../../../../../runner/api/serve/api-routes.ts";
import type { Api } from "../../../../../runner/api/serve/api-routes.ts";
import { realEffects } from "../../../../../runner/base/effects.ts";
import { serve } from "../../../../../runner/docs/serve/serve.ts";
import type { Served } from "../../../../../runner/docs/serve/serve.ts";
import { readLog } from "../../../../support/log-events.ts";
import { makeProject, readArtifact } from "../../../../support/models.ts";
import { writeFiles } from "../../../../support/temp.ts";
import { until } from "../../../../support/until.ts";

const token = "a-token-that-is-long-enough";
const bearer = { authorization: `Bearer ${token}` };
const json = { ...bearer, "content-type": "application/json" };

type Line = { readonly event: string; readonly [key: string]: unknown };
const linesOf = async (response: Response): Promise<readonly Line[]> =>
  readLog(await response.text()) as readonly object[] as readonly Line[];

describe("docs serve --api", () => {
  const root = makeProject({
    "models/one.sql": "select 1 as a",
    "models/two.sql": "select a + 1 as a from {{ ref('one') }}",
    "models/broken.sql": "{{ config(materialized='table') }} select error('no')",
    // longer than any test waits
    "models/slow.sql": "select sum(a.range * b.range) as s from range(10000000) a, range(10000000) b",
  });
  const effects = { ...realEffects(), cwd: root };
  let api: Api;
  let served: Served;
  before(async () => {
    const target = join(root, "target");
    mkdirSync(join(target, "docs"), { recursive: true });
    api = createApi({}, effects, target);
    served = await serve(join(target, "docs"), { port: 0, token, routes: api.routes });
  });
  after(async () => {
    await api.close();
    await served.close();
  });
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${served.url}${path}`, init);
  const post = (body: unknown, init: RequestInit = {}): Promise<Response> =>
    ask("api/runs", { method: "POST", headers: json, body: JSON.stringify(body), ...init });
  const latest = async (): Promise<{ id: string; end: { outcome: string } | null }> =>
    ((await (await ask("api/runs", { headers: bearer })).json()) as { latest: never }).latest;

  test("health is told to everybody, the rest to who has the token", async () => {
    const health = await ask("healthz");
    assert.deepEqual([health.status, await health.text()], [200, "ok\n"]);
    assert.equal((await ask("metrics")).status, 401);
    assert.equal((await ask("api/runs")).status, 401);
    assert.equal((await post({}, { headers: { "content-type": "application/json" } })).status, 401);
    assert.equal(
      (await ask("api/runs", { method: "PUT", headers: json })).headers.get("allow"),
      "GET, HEAD, POST",
    );
  });

  test("a cookie, which a browser sends by itself, starts nothing", async () => {
    const first = await ask(`?token=${token}`, { redirect: "manual" });
    const cookie = first.headers.get("set-cookie")!.split(";")[0]!;
    assert.equal((await ask("api/runs", { headers: { cookie } })).status, 200);
    const started = await post({}, { headers: { cookie, "content-type": "application/json" } });
    assert.equal(started.status, 401);
    assert.equal((await ask(`api/runs?token=${token}`, { method: "POST" })).status, 401);
  });

  test("a selection is built, and its events are streamed a line each", async () => {
    const response = await post({ select: ["+two"] });
    assert.equal(response.headers.get("content-type"), "application/x-ndjson");
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    const lines = await linesOf(response);
    assert.deepEqual(
      lines.map(({ event }) => event),
      [
        "run-started",
        "node-started",
        "node-finished",
        "node-started",
        "node-finished",
        "run-finished",
        "run-ended",
      ],
    );
    assert.equal(lines.at(-1)!["outcome"], "success");
    assert.equal(new Set(lines.map(({ invocationId }) => invocationId)).size, 1);
    const { results } = readArtifact(root, "run_results.json") as { results: { unique_id: string }[] };
    assert.deepEqual(
      results.map(({ unique_id: id }) => id),
      ["model.shop.one", "model.shop.two"],
    );
    const metrics = await (await ask("metrics", { headers: bearer })).text();
    for (const line of [
      'statloom_node_results_total{resource_type="model",node="two",status="success"} 1',
      'statloom_builds_total{outcome="success"} 1',
      'statloom_last_run_nodes{status="success"} 2',
      "statloom_run_active 0",
    ])
      assert.ok(metrics.includes(line), line);
    assert.match(metrics, /^statloom_last_run_timestamp_seconds 1\d{9}/m);
  });

  test("a failure is an event, also as server-sent events", async () => {
    const response = await post(
      { select: ["broken"] },
      { headers: { ...json, accept: "text/event-stream" } },
    );
    assert.equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
    const text = await response.text();
    const last = JSON.parse(/data: (\{"event":"run-ended".*\})\n\n$/.exec(text)![1]!) as Line;
    assert.equal(last["outcome"], "failed");
    assert.match(text, /"status":"error"/);
  });

  test("one run at a time; it goes on without its reader, and is stopped by its id", async () => {
    const gone = new AbortController();
    const running = await post({ select: ["slow"] }, { signal: gone.signal });
    await running.body!.getReader().read();
    const second = await post({});
    assert.equal(second.status, 409);
    assert.equal(((await second.json()) as { errors: { code: string }[] }).errors[0]!.code, "RUN_ACTIVE");
    gone.abort();
    const { id, end } = await latest();
    assert.equal(end, null);
    assert.equal((await ask("api/runs/none", { method: "DELETE", headers: bearer })).status, 404);
    assert.equal((await ask(`api/runs/${id}`, { method: "DELETE", headers: bearer })).status, 202);
    await until("the run has ended", async () => (await latest()).end !== null);
    assert.equal((await latest()).end!.outcome, "stopped");
  });

  test("or ends with its reader, where that is asked for", async () => {
    const gone = new AbortController();
    const running = await post({ select: ["slow"], stop_on_disconnect: true }, { signal: gone.signal });
    await running.body!.getReader().read();
    gone.abort();
    await until("the run has ended", async () => (await latest()).end !== null);
    assert.equal((await latest()).end!.outcome, "stopped");
  });

  test("what is wrong with a request is told before anything begins", async () => {
    const refused = async (response: Response): Promise<unknown[]> => {
      const { errors } = (await response.json()) as { errors: { code: string; message: string }[] };
      return [response.status, errors[0]!.code, errors[0]!.message];
    };
    assert.deepEqual(await refused(await post({ selct: ["a"], threads: 0 })), [
      400,
      "BODY_INVALID",
      '"threads": Too small: expected number to be >=1; Unrecognized key: "selct"',
    ]);
    assert.deepEqual((await refused(await post({}, { body: "{" }))).slice(0, 2), [400, "BODY_INVALID"]);
    assert.deepEqual((await refused(await post({}, { headers: bearer }))).slice(0, 2), [415, "BODY_TYPE"]);
    assert.deepEqual(
      (await refused(await post({ select: ["x".repeat(900)] }, { body: " ".repeat(70_000) }))).slice(0, 2),
      [413, "BODY_LARGE"],
    );
    assert.equal((await refused(await post({ selector: "none" })))[0], 400);
    writeFiles(root, { "models/wrong.sql": "select * from {{ ref('nothing') }}" });
    assert.deepEqual((await refused(await post({}))).slice(0, 2), [422, "REF_UNKNOWN"]);
    writeFiles(root, { "models/wrong.sql": "select 1 as a" });
    assert.equal((await latest()).end!.outcome, "stopped", "none of them has begun");
  });
});
