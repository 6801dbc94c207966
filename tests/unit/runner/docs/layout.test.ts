import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cutIntoLanes } from "../../../../runner/docs/layout/lanes.ts";
import { assignLayers } from "../../../../runner/docs/layout/layers.ts";
import type { Drawing } from "../../../../runner/docs/layout/layers.ts";
import { layOut } from "../../../../runner/docs/layout/layout.ts";
import { countCrossings, reduceCrossings } from "../../../../runner/docs/layout/order.ts";

const sizes = { nodeWidth: 200, columnGap: 76 };

/** `"a b>c"`: names, then edges. */
function drawing(names: string, ...edges: string[]): Drawing {
  const all = names.split(" ");
  return {
    nodes: all.map((name) => ({ last: name.startsWith("!"), height: 54 })),
    edges: edges.map((edge) => edge.split(">").map((name) => all.indexOf(name)) as [number, number]),
  };
}

test("children stand right of their parents, roots right before their first child", () => {
  assert.deepEqual(
    assignLayers(drawing("a b c late d", "a>b", "b>c", "a>c", "late>d", "c>d")),
    [0, 1, 2, 2, 3],
  );
});

test("what belongs at the end stands in the last column, however short its way", () => {
  assert.deepEqual(assignLayers(drawing("a b c !e", "a>b", "b>c", "a>!e")), [0, 1, 2, 2]);
});

test("a long edge passes a lane in every column between", () => {
  const drawn = drawing("a b c", "a>b", "b>c", "a>c");
  const { slots, routes } = cutIntoLanes(drawn, assignLayers(drawn));
  assert.equal(slots.length, 4);
  assert.deepEqual(routes, [
    [0, 1],
    [1, 2],
    [0, 3, 2],
  ]);
});

test("lines that need not cross do not", () => {
  const drawn = drawing("a b c x y z", "a>z", "b>y", "c>x", "a>y");
  const lanes = cutIntoLanes(drawn, assignLayers(drawn));
  const crossings = (): number => {
    const place: number[] = [];
    for (const column of lanes.columns) column.forEach((slot, i) => void (place[slot] = i));
    return countCrossings(lanes.columns, lanes.slots, place);
  };
  assert.equal(crossings(), 4);
  reduceCrossings(lanes);
  assert.equal(crossings(), 0);
});

test("a chain is drawn as a straight line", () => {
  const { nodes, edges, height, width } = layOut(drawing("a b c", "a>b", "b>c"), sizes);
  assert.deepEqual(new Set(nodes.map((node) => node.y)), new Set([0]));
  assert.deepEqual(
    nodes.map((node) => node.x),
    [0, 276, 552],
  );
  assert.deepEqual(edges[0], [
    [200, 27],
    [276, 27],
  ]);
  assert.deepEqual([width, height], [752, 54]);
});

test("what is connected to nothing stands in rows below, as wide as the graph", () => {
  const { nodes, height } = layOut(drawing("a alone1 b alone2 alone3", "a>b"), sizes);
  assert.deepEqual(
    nodes.map(({ x, y }) => [x, y]),
    [
      [0, 0],
      [0, 102],
      [276, 0],
      [238, 102],
      [0, 172],
    ],
  );
  assert.equal(height, 226);
});

test("nodes may be of different heights", () => {
  const { nodes, height } = layOut(
    {
      nodes: [
        { last: false, height: 100 },
        { last: false, height: 20 },
        { last: false, height: 40 },
      ],
      edges: [
        [0, 2],
        [1, 2],
      ],
    },
    sizes,
  );
  assert.deepEqual(
    nodes.map(({ y }) => y),
    [0, 116, 68],
  );
  assert.equal(height, 136);
});

test("nothing at all is laid out as nothing", () => {
  assert.deepEqual(layOut({ nodes: [], edges: [] }, sizes), {
    width: 0,
    height: 0,
    nodes: [],
    edges: [],
  });
});

const graphs = fc
  .array(fc.tuple(fc.array(fc.nat(), { maxLength: 3 }), fc.boolean()), { minLength: 1, maxLength: 40 })
  .map((rows): Drawing => {
    const edges = rows.flatMap(([list], i) =>
      [...new Set(i === 0 ? [] : list.map((n) => n % i))].map((n) => [n, i] as const),
    );
    const parents = new Set(edges.map(([parent]) => parent));
    return { nodes: rows.map(([, last], i) => ({ last: last && !parents.has(i), height: 54 })), edges };
  });

test("whatever the graph: nodes never overlap, lines run from left to right, all is inside", () => {
  fc.assert(
    fc.property(graphs, (drawn) => {
      const { nodes, edges, width, height } = layOut(drawn, sizes);
      for (const [i, a] of nodes.entries()) {
        assert.ok(a.x >= 0 && a.y >= 0 && a.x + 200 <= width && a.y + 54 <= height);
        for (const b of nodes.slice(i + 1))
          assert.ok(a.x !== b.x || Math.abs(a.y - b.y) >= 54, `${i} overlaps`);
      }
      drawn.edges.forEach(([parent, child], i) => {
        const points = edges[i]!;
        assert.deepEqual(points[0], [nodes[parent]!.x + 200, nodes[parent]!.y + 27]);
        assert.deepEqual(points.at(-1), [nodes[child]!.x, nodes[child]!.y + 27]);
        for (const [k, [x]] of points.entries()) assert.ok(k === 0 || x > points[k - 1]![0]);
      });
    }),
  );
});
