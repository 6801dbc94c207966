import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { subgraph } from "../../../../../runner/graph/select/subgraph.ts";
import { makeGraph } from "../../../../support/make-graph.ts";

const id = (name: string): string => `model.shop.${name}`;
const of = (...names: string[]): Set<string> => new Set(names.map(id));

const graph = makeGraph([
  { model: "a" },
  { model: "b", parents: ["a"] },
  { model: "c", parents: ["b"] },
  { model: "d", parents: ["a", "c"] },
  { model: "e", parents: ["c", "b"] },
]);

test("parents outside the selection are bridged, each once, in order", () => {
  assert.deepEqual(subgraph(graph, of("a", "d", "e")), [
    { id: id("a"), parents: [] },
    { id: id("d"), parents: [id("a")] },
    { id: id("e"), parents: [id("a")] },
  ]);
  assert.deepEqual(subgraph(graph, of("c", "e")), [
    { id: id("c"), parents: [] },
    { id: id("e"), parents: [id("c")] },
  ]);
  assert.deepEqual(subgraph(graph, of()), []);
});

test("one selected node waits for another exactly when a path leads there", () => {
  const dags = fc.array(fc.tuple(fc.array(fc.nat(), { maxLength: 3 }), fc.boolean()), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(dags, (rows) => {
      const dag = rows.map(([list], i) => [...new Set(i === 0 ? [] : list.map((n) => n % i))]);
      const selected = new Set(rows.flatMap(([, keep], i) => (keep ? [id(`m${i}`)] : [])));
      const whole = makeGraph(
        dag.map((above, i) => ({ model: `m${i}`, parents: above.map((n) => `m${n}`) })),
      );
      const ancestors = (next: ReadonlyMap<string, readonly string[]>, from: string): Set<string> => {
        const found = new Set<string>();
        const waiting = [from];
        for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
          for (const up of next.get(at) ?? []) if (found.size < found.add(up).size) waiting.push(up);
        }
        return found;
      };
      const part = subgraph(whole, selected);
      const edges = new Map(part.map((node) => [node.id, node.parents]));
      assert.deepEqual(new Set(edges.keys()), selected);
      for (const node of selected) {
        const expected = [...ancestors(whole.parents, node)].filter((up) => selected.has(up)).toSorted();
        assert.deepEqual([...ancestors(edges, node)].toSorted(), expected);
      }
    }),
    { numRuns: 60 },
  );
});
