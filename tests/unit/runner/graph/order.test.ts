import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { childrenOf, cut, linksOf, topologicalOrder } from "../../../../runner/graph/order.ts";

/** The order of what stands below each id, by id: parents first, or a circle. */
function orderOf(parents: ReadonlyMap<string, readonly string[]>): { order: string[] } | { cycle: string[] } {
  const nodes = Array.from(parents, ([uniqueId, above]) => ({ uniqueId, above }));
  const found = topologicalOrder(linksOf(nodes, ({ above }) => above));
  const idOf = (i: number): string => nodes[i]!.uniqueId;
  return "order" in found ? { order: Array.from(found.order, idOf) } : { cycle: found.cycle.map(idOf) };
}

describe("the order of nodes", () => {
  test("puts parents first, whatever the graph", () => {
    const edges = fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { maxLength: 120 });
    fc.assert(
      fc.property(edges, fc.boolean(), (pairs, backwards) => {
        const parents = new Map<string, string[]>();
        for (let i = 0; i <= 30; i++) parents.set(String(backwards ? 30 - i : i), []);
        // From the smaller to the larger: never a circle.
        for (const [a, b] of pairs)
          if (a !== b) parents.get(String(Math.max(a, b)))!.push(String(Math.min(a, b)));
        const found = orderOf(parents);
        assert.ok("order" in found);
        const at = new Map(found.order.map((id, i) => [id, i]));
        assert.equal(at.size, 31);
        for (const [id, above] of parents)
          for (const parent of above) assert.ok(at.get(parent)! < at.get(id)!);
      }),
    );
  });
  test("does not end on the stack, nor take long, for a chain of ten thousand", () => {
    const parents = new Map<string, string[]>();
    for (let i = 10_000; i > 0; i--) parents.set(String(i), i === 1 ? [] : [String(i - 1)]);
    const found = orderOf(parents);
    assert.ok("order" in found);
    assert.deepEqual([found.order[0], found.order.at(-1)], ["1", "10000"]);
  });
  test("a circle is named from parent to child and closed, without what only leads to it", () => {
    const parents = new Map([
      ["start", ["b"]],
      ["b", ["a"]],
      ["a", ["c"]],
      ["c", ["b"]],
    ]);
    assert.deepEqual(orderOf(parents), { cycle: ["b", "c", "a", "b"] });
  });
  test("goes on where a circle is cut, and what is no node at all counts for nothing", () => {
    const nodes = [
      { uniqueId: "a", above: ["b", "gone"] },
      { uniqueId: "b", above: ["c", "a"] },
      { uniqueId: "c", above: [] },
    ];
    const links = linksOf(nodes, ({ above }) => above);
    assert.deepEqual(topologicalOrder(links), { cycle: [0, 1, 0] });
    cut(links, 1, 0);
    assert.deepEqual(topologicalOrder(links), { order: Int32Array.of(2, 1, 0) });
  });
});

test("children are parents turned round", () => {
  const children = childrenOf(
    new Map([
      ["b", ["a"]],
      ["c", ["a", "b"]],
    ]),
  );
  assert.deepEqual(Object.fromEntries(children), { a: ["b", "c"], b: ["c"], c: [] });
});
