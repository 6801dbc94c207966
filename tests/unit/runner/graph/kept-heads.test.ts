import assert from "node:assert/strict";
import { test } from "node:test";
import { keepHeads, keptHeads } from "../../../../runner/graph/kept-heads.ts";
import { headOf, listedIn } from "../../../../runner/graph/select/listed.ts";
import { select } from "../../../../runner/graph/select/select.ts";
import type { AnyNode, Graph, GraphNode } from "../../../../runner/graph/types.ts";
import { makeGraph } from "../../../support/make-graph.ts";

const plain = makeGraph([
  { source: "raw.orders", tags: ["nightly"] },
  { seed: "codes" },
  { model: "staging/stg_orders", parents: ["raw.orders"], patchPath: "models/staging/schema.yml" },
  { model: "staging/deep/a.b", parents: ["stg_orders"], tags: ["nightly"] },
  { model: "orders_v1", parents: ["codes"] },
  { test: "unique_stg_orders_id", generic: "unique", column: "id", parents: ["stg_orders"] },
  { exposure: "board", parents: ["stg_orders"], tags: ["weekly"] },
]);
const nodes = new Map(plain.nodes);
const old = nodes.get("model.shop.orders_v1") as GraphNode & { readonly resourceType: "model" };
nodes.set(old.uniqueId, { ...old, version: 1, latestVersion: 1, fqn: ["shop", "orders", "v1"] });
const graph: Graph = { ...plain, nodes };
const all: AnyNode[] = listedIn(graph).map(({ node }) => node);
const ids = all.map(({ uniqueId }) => uniqueId);
const known = keptHeads(JSON.parse(JSON.stringify(keepHeads(all))) as ReturnType<typeof keepHeads>, ids);

test("what is kept of nodes is what they say; versions and names that are not in the id have to be read", () => {
  const unread = all.filter((node) => {
    const head = known(node.uniqueId);
    if (head !== undefined) assert.deepEqual(head, headOf(node));
    return head === undefined;
  });
  assert.deepEqual(
    unread.map(({ uniqueId }) => uniqueId),
    ["source.shop.raw.orders", "model.shop.orders_v1"],
  );
  assert.equal(known("model.shop.unknown"), undefined);
});

test("selecting by names, tags and paths reads none of the nodes that are kept", () => {
  const read: string[] = [];
  const closed = new Map(nodes);
  closed.get = (id) => {
    read.push(id);
    return nodes.get(id);
  };
  const kept: Graph = { ...graph, nodes: closed };
  for (const wanted of [
    "stg_orders+",
    "staging",
    "tag:nightly",
    "path:models/staging",
    "file:codes*",
    "a.b",
  ]) {
    const choice = { select: [wanted], exclude: [] };
    const { selected } = select(kept, choice, { heads: known });
    assert.deepEqual(selected, select(graph, choice).selected, wanted);
    assert.ok(selected.size > 0, wanted);
  }
  assert.deepEqual([...new Set(read)], ["model.shop.orders_v1"]);
});
