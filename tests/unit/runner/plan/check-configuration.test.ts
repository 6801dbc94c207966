import assert from "node:assert/strict";
import { test } from "node:test";
import { duckdb } from "../../../../runner/dialects/duckdb.ts";
import { configurationChecks } from "../../../../runner/plan/check-configuration.ts";
import { modelNode } from "./nodes.ts";

const places = { root: "/project", folder: "/project/data/external" };

test("what is wrong with a configuration is told of each model that has it", () => {
  const check = configurationChecks(duckdb, places);
  const { config } = modelNode("a", { materialized: "view", unlogged: true });
  const found = ["a", "b"].map((name) =>
    check(modelNode(name, config)).map(({ file, code }) => [file, code]),
  );
  assert.deepEqual(found, [[["models/a.sql", "CONFIG_UNUSED"]], [["models/b.sql", "CONFIG_UNUSED"]]]);
});

test("of models that share a sound one, an external one is told where its own file lies outside", () => {
  const check = configurationChecks(duckdb, places);
  const { config } = modelNode("a", { materialized: "external" });
  const of = (name: string) => ({ ...modelNode(name), config });
  assert.deepEqual(
    ["a", "../../../b", "a"].map((name) => check(of(name)).map(({ code }) => code)),
    [[], ["PATH_OUTSIDE"], []],
  );
  const table = modelNode("a").config;
  assert.deepEqual(check({ ...modelNode("a"), config: table }), []);
  assert.equal(
    check({ ...modelNode("a"), config: table }),
    check({ ...modelNode("b"), config: table }),
    "one that is known to be sound is not looked into again",
  );
});
