import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { makeProject, models } from "../../../support/models.ts";
import { assertOpenLineage } from "../../../support/openlineage-schema.ts";
import { startReceiver } from "../../../support/receivers.ts";

type Dataset = {
  namespace: string;
  name: string;
  facets?: Record<string, Record<string, unknown>>;
  inputFacets?: { dataQualityAssertions: { assertions: Record<string, unknown>[] } };
  outputFacets?: { outputStatistics: { rowCount: number } };
};
type Event = {
  eventType: string;
  run: { runId: string; facets: Record<string, Record<string, unknown>> };
  job: { namespace: string; name: string; facets: { sql?: { query: string } } };
  inputs: Dataset[];
  outputs: Dataset[];
};

const PROJECT = `name: shop
target: dev
targets: {dev: {type: duckdb, path: data/w.duckdb}}
`;
const SOUND = {
  "seeds/orders.csv": "id,amount,state\n1,2.5,paid\n2,3,open\n",
  "models/paid.sql":
    "{{ config(materialized='ephemeral') }} select id, amount * 2 as twice from {{ ref('orders') }} where state = 'paid'",
  "models/mart.sql":
    "{{ config(materialized='table') }} select id as key, twice, 1 as one from {{ ref('paid') }}",
  "models/p.yml": `models:
  - name: mart
    description: What was paid.
    columns: [{name: key, description: The order., data_tests: [unique, {accepted_values: {arguments: {values: [7]}, config: {severity: warn}}}]}]
`,
};
const events = (root: string, file = "target/lineage.ndjson"): Event[] =>
  readFileSync(join(root, file), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Event);

describe("OpenLineage", () => {
  test("a file gets an event for the beginning and the end of the run and of each node, with columns and tests", async () => {
    const root = makeProject({
      "sql_project.yaml": `${PROJECT}openlineage: {file: target/lineage.ndjson}\n`,
      ...SOUND,
    });
    const { code, out, err } = await models(root, ["build"]);
    assert.equal(code, 0, out + err);
    const found = events(root);
    for (const event of found) assertOpenLineage(event);
    const told = found.map(
      ({ eventType, job }) => `${job.name.split(".").slice(0, 3).join(".")} ${eventType}`,
    );
    assert.equal(told[0], "shop.build START");
    assert.equal(told.at(-1), "shop.build COMPLETE");
    assert.deepEqual([...told].sort(), [
      "model.shop.mart COMPLETE",
      "model.shop.mart START",
      "seed.shop.orders COMPLETE",
      "seed.shop.orders START",
      "shop.build COMPLETE",
      "shop.build START",
      "test.shop.accepted_values_mart_key__7 COMPLETE",
      "test.shop.accepted_values_mart_key__7 START",
      "test.shop.unique_mart_key COMPLETE",
      "test.shop.unique_mart_key START",
    ]);
    const whole = found[0]!;
    assert.equal(whole.job.namespace, "shop.dev");
    for (const event of found.slice(1, -1)) {
      assert.deepEqual(event.run.facets["parent"]!["run"], { runId: whole.run.runId });
      const twins = found.filter(({ run }) => run.runId === event.run.runId);
      assert.deepEqual([twins.length, twins[0]!.eventType, twins[0]!.job.name], [2, "START", event.job.name]);
    }
    const mart = found.find(
      ({ job, eventType }) => job.name === "model.shop.mart" && eventType === "COMPLETE",
    )!;
    const namespace = `duckdb://${join(root, "data/w.duckdb")}`;
    assert.deepEqual(
      [mart.inputs, mart.outputs].map(([one]) => [one!.namespace, one!.name]),
      [
        [namespace, "w.main.orders"],
        [namespace, "w.main.mart"],
      ],
      "what is ephemeral is seen through",
    );
    const [output] = mart.outputs;
    assert.equal(output!.outputFacets?.outputStatistics.rowCount, 1);
    assert.deepEqual(output!.facets?.["schema"]!["fields"], [
      { name: "key", type: "BIGINT", description: "The order." },
      { name: "twice", type: "DOUBLE" },
      { name: "one", type: "INTEGER" },
    ]);
    const from = (field: string, transformation: Record<string, string>) => ({
      namespace,
      name: "w.main.orders",
      field,
      transformations: [transformation],
    });
    const { fields, dataset } = output!.facets!["columnLineage"]!;
    assert.deepEqual(fields, {
      key: { inputFields: [from("id", { type: "DIRECT", subtype: "IDENTITY" })] },
      twice: { inputFields: [from("amount", { type: "DIRECT", subtype: "TRANSFORMATION" })] },
      one: { inputFields: [] },
    });
    assert.deepEqual(dataset, [from("state", { type: "INDIRECT" })]);
    assert.match(mart.job.facets.sql!.query, /twice/);
    const seed = found.find(
      ({ job, eventType }) => job.name === "seed.shop.orders" && eventType === "COMPLETE",
    )!;
    assert.deepEqual(
      [seed.inputs[0]!.namespace, seed.inputs[0]!.name],
      ["file", join(root, "seeds/orders.csv")],
    );
    const asserted = found.flatMap(({ inputs }) =>
      inputs.flatMap(({ inputFacets }) => inputFacets?.dataQualityAssertions.assertions ?? []),
    );
    assert.deepEqual(
      asserted.map(({ assertion, success, column, severity, actual }) => [
        assertion,
        success,
        column,
        severity,
        actual,
      ]),
      [
        ["accepted_values", false, "key", "warn", "1"],
        ["unique", true, "key", "error", "0"],
      ].sort(
        (a, b) =>
          asserted.findIndex((one) => one["assertion"] === a[0]) -
          asserted.findIndex((one) => one["assertion"] === b[0]),
      ),
    );
  });

  test("what fails is told with its message and without secrets; what was skipped has not run", async () => {
    const root = makeProject({
      "sql_project.yaml": `${PROJECT}openlineage: {file: target/lineage.ndjson, namespace: ours, columns: false}\n`,
      "models/a.sql": "select cast('{{ env_var('MY_TOKEN') }}' as integer) as x",
      "models/b.sql": "{{ config(materialized='table') }} select * from {{ ref('a') }}",
      "models/c.sql": "select * from {{ ref('b') }}",
    });
    const { code } = await models(root, ["run"], { env: { MY_TOKEN: "hush-hush-hush" } });
    assert.equal(code, 1);
    const found = events(root);
    for (const event of found) assertOpenLineage(event);
    const failed = found.filter(({ eventType }) => eventType === "FAIL");
    assert.deepEqual(
      failed.map(({ job }) => [job.namespace, job.name]),
      [
        ["ours", "model.shop.b"],
        ["ours", "shop.run"],
      ],
    );
    assert.match(String(failed[0]!.run.facets["errorMessage"]!["message"]), /Could not convert string/);
    assert.ok(!found.some(({ job }) => job.name === "model.shop.c"));
    assert.doesNotMatch(readFileSync(join(root, "target/lineage.ndjson"), "utf8"), /hush/);
  });

  test("a run that comes to nothing has failed, too", async () => {
    const root = makeProject({
      "sql_project.yaml": `${PROJECT}openlineage: {file: target/lineage.ndjson}\n`,
      "models/a.sql": "select 1 as x",
      "data/w.duckdb": "no warehouse",
    });
    assert.equal((await models(root, ["run"])).code, 1);
    assert.deepEqual(
      events(root).map(({ eventType, job }) => [eventType, job.name]),
      [
        ["START", "shop.run"],
        ["FAIL", "shop.run"],
      ],
    );
  });

  test("an address gets them as OpenLineage's own variables say, each run's in order", async () => {
    const { url, received } = await startReceiver([{ status: 503 }, {}, { status: 502 }]);
    const root = makeProject({ "sql_project.yaml": PROJECT, ...SOUND });
    const env = {
      OPENLINEAGE_URL: `${url}/`,
      OPENLINEAGE_API_KEY: "key-of-mine",
      OPENLINEAGE_NAMESPACE: "warehouse",
      OPENLINEAGE_PARENT_ID: "airflow/daily/build.models/11111111-2222-4333-8444-555555555555",
    };
    const { code, err } = await models(root, ["build"], { env });
    assert.deepEqual([code, err], [0, ""]);
    const taken = received.map(({ body }) => body as unknown as Event);
    for (const event of taken) assertOpenLineage(event);
    assert.equal(received[0]!.path, "/api/v1/lineage");
    assert.equal(received[0]!.headers.authorization, "Bearer key-of-mine");
    const unique = [
      ...new Map(taken.map((event) => [`${event.run.runId}${event.eventType}`, event])).values(),
    ];
    assert.equal(unique.length, 10, "what was refused for now comes again");
    for (const { run, job } of unique) {
      assert.equal(job.namespace, "warehouse");
      const mine = taken.filter((event) => event.run.runId === run.runId);
      assert.equal(mine.at(-1)!.eventType, "COMPLETE");
    }
    const whole = unique.find(({ job }) => job.name === "shop.build")!;
    const outer = {
      run: { runId: "11111111-2222-4333-8444-555555555555" },
      job: { namespace: "airflow/daily", name: "build.models" },
    };
    const { run, job, root: top } = whole.run.facets["parent"]!;
    assert.deepEqual({ run, job }, outer);
    assert.deepEqual(top, outer);
    assert.deepEqual(
      (await models(root, ["build"], { env: { ...env, OPENLINEAGE_DISABLED: "true" } })).code,
      0,
    );
    assert.equal(received.length, taken.length);
    assert.ok(!existsSync(join(root, "target/lineage.ndjson")));
  });

  test("a receiver that is not there fails no run, and is told once", async () => {
    const root = makeProject({ "sql_project.yaml": PROJECT, "models/a.sql": "select 1 as x" });
    const env = { OPENLINEAGE_URL: "http://127.0.0.1:9", OPENLINEAGE_API_KEY: "key-of-mine" };
    const { code, err, out } = await models(root, ["build", "--warn-error"], { env });
    assert.equal(code, 0, err + out);
    assert.deepEqual(err.trimEnd().split("\n").length, 1, err);
    assert.match(err, /LINEAGE_NOT_SENT OpenLineage: 127\.0\.0\.1:9: .*; 4 events not sent/);
    const silent = await models(root, ["build", "--warn-error-options", "{silence: [LINEAGE_NOT_SENT]}"], {
      env,
    });
    assert.deepEqual([silent.code, silent.err], [0, ""]);
  });

  test("an address of a file is that file; one of another machine's is told", async () => {
    const root = makeProject({ "sql_project.yaml": PROJECT, "models/a.sql": "select 1 as x" });
    const file = join(root, "logs of mine", "lineage.ndjson");
    const env = { OPENLINEAGE_URL: pathToFileURL(file).href };
    const { code, err, out } = await models(root, ["build"], { env });
    assert.deepEqual([code, err], [0, ""], out);
    assert.equal(readFileSync(file, "utf8").trimEnd().split("\n").length, 4);
    const elsewhere = await models(root, ["build"], { env: { OPENLINEAGE_URL: "file://lineage.ndjson" } });
    assert.equal(elsewhere.code, 0);
    assert.match(
      elsewhere.err,
      /LINEAGE_NOT_SENT .*nothing can be sent to file:\/\/lineage.ndjson: an address is https/,
    );
  });

  test("what is written in the project is checked with it", async () => {
    const root = makeProject({
      "sql_project.yaml": `${PROJECT}openlineage: {file: ../lineage.ndjson, url: "ftp://x"}\n`,
    });
    const { code, err } = await models(root, ["parse"]);
    assert.equal(code, 2);
    assert.match(err, /sql_project\.yaml:4:\d+ .*path inside the project/);
    assert.match(err, /sql_project\.yaml:4:\d+ .*begins with https/);
  });
});
