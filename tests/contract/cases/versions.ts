import assert from "node:assert/strict";
import { buildModel } from "../../../runner/execute/build-node.ts";
import type { Version } from "../../../runner/project/govern-schema.ts";
import type { ModelConfig, ModelNode } from "../../../runner/graph/types.ts";
import { pointerOf } from "../../../runner/graph/versions.ts";
import { modelNode } from "../../unit/runner/plan/nodes.ts";
import type { ContractCase } from "../adapter-contract.ts";
import { context } from "./builds.ts";
import { failure } from "./errors.ts";

const version = (
  own: Version,
  latest: Version,
  materialized: ModelConfig["materialized"] = "table",
): ModelNode => ({
  ...modelNode(
    `orders_v${own}`,
    { materialized, latest_version_pointer: { enabled: true, alias: null } },
    { database: null, schema: "shop", identifier: `orders_v${own}` },
  ),
  name: "orders",
  version: own,
  latestVersion: latest,
});

export const versionCases: readonly ContractCase[] = [
  {
    title: "the view of the latest version shows it, whatever stood there and whatever it becomes",
    async body(session, db) {
      const shown = async (): Promise<unknown> =>
        (await session.query("select * from shop.orders order by 1")).rows;
      const build = async (node: ModelNode, sql: string): Promise<void> => {
        const ownViews = () => [pointerOf(node) ?? node.relation];
        await buildModel(node, sql, { ...(await context(session, db)), ownViews });
      };
      // A table by that name, as before there were versions.
      await build(modelNode("orders", { materialized: "table" }), "select 0 as a");
      await build(version(1, 2), "select 1 as a");
      assert.deepEqual(await shown(), [[0]], "no latest version is there yet");
      await build(version(2, 2), "select 2 as a");
      assert.deepEqual(await shown(), [[2]]);
      await build(version(2, 2), "select 'x' as b, 'two' as a");
      assert.deepEqual(await shown(), [["x", "two"]], "other columns of other types");
      const error = await failure(build(version(2, 2), "select nope from (select 1 as b) t"));
      assert.match(error.message, /nope/);
      assert.deepEqual(await shown(), [["x", "two"]]);
      await build(version(1, 1), "select 1 as a");
      assert.deepEqual(await shown(), [[1]], "another version is the latest now");
      await build(version(1, 1, "view"), "select 11 as a");
      assert.deepEqual(await shown(), [[11]]);
      assert.equal((await session.listRelations("shop")).get("orders"), "view");
    },
  },
];
