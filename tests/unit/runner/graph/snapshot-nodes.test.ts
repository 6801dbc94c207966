import assert from "node:assert/strict";
import { test } from "node:test";
import { linkProject } from "../../../support/link-project.ts";

test("the place of a snapshot can be spread into what is told of it", async () => {
  const { graph } = await linkProject({
    "models/a.sql": "select 1 as id",
    "snapshots/s.yml":
      "snapshots:\n  - name: s\n    relation: ref('a')\n    config: {strategy: check, unique_key: id, check_cols: all}\n",
  });
  const { place } = graph.nodes.get("snapshot.shop.s")!;
  assert.deepEqual({ ...place }, { file: "snapshots/s.yml", line: 2, column: 5 });
});
