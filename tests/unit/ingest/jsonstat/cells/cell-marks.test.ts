import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { DenseMarks, UniformMarks } from "../../../../../ingest/jsonstat/cells/cell-marks.ts";
import type { CellMarks } from "../../../../../ingest/jsonstat/cells/cell-marks.ts";
import { PAGE } from "../../../../../ingest/jsonstat/cells/cell-set.ts";
import { PagedMarks } from "../../../../../ingest/jsonstat/cells/paged-marks.ts";

/** What marks should do, in the plainest way. */
class ModelMarks implements CellMarks {
  readonly #statuses = new Map<number, number>();
  readonly #visited = new Set<number>();
  setStatus(cell: number, status: number): boolean {
    if (this.#statuses.has(cell)) return false;
    this.#statuses.set(cell, status);
    return true;
  }
  visit(cell: number): number {
    if (this.#visited.has(cell)) return -1;
    this.#visited.add(cell);
    return this.statusOf(cell);
  }
  visitAll(cells: Float64Array, count: number, marks: Int32Array): void {
    for (let i = 0; i < count; i++) marks[i] = this.visit(cells[i]!);
  }
  statusOf(cell: number): number {
    return this.#statuses.get(cell) ?? 0;
  }
  nextUnvisited(from: number): number {
    const rest = [...this.#statuses.keys()].filter((cell) => cell >= from && !this.#visited.has(cell));
    return rest.length === 0 ? -1 : Math.min(...rest);
  }
}

function remaining(marks: CellMarks): (readonly [number, number])[] {
  const rest: (readonly [number, number])[] = [];
  for (let cell = marks.nextUnvisited(0); cell !== -1; cell = marks.nextUnvisited(cell + 1))
    rest.push([cell, marks.statusOf(cell)]);
  return rest;
}

function compare(make: () => CellMarks, cell: fc.Arbitrary<number>): void {
  const status = fc.tuple(cell, fc.integer({ min: 1, max: 127 }));
  fc.assert(
    fc.property(
      fc.array(status, { maxLength: 80 }),
      fc.array(cell, { maxLength: 80 }),
      (statuses, visits) => {
        const [marks, model] = [make(), new ModelMarks()];
        for (const [at, number] of statuses) {
          assert.equal(marks.setStatus(at, number), model.setStatus(at, number));
          assert.equal(marks.nextUnvisited(at), model.nextUnvisited(at));
        }
        for (const at of visits) assert.equal(marks.visit(at), model.visit(at));
        const again = Float64Array.from([...statuses.map(([at]) => at), ...visits, ...visits]);
        const [found, expected] = [new Int32Array(again.length), new Int32Array(again.length)];
        marks.visitAll(again, again.length, found);
        model.visitAll(again, again.length, expected);
        assert.deepEqual(found, expected);
        for (const at of visits) assert.equal(marks.statusOf(at), model.statusOf(at));
        assert.deepEqual(remaining(marks), remaining(model));
      },
    ),
  );
}

describe("marks", () => {
  test("dense", () => compare(() => new DenseMarks(300), fc.integer({ min: 0, max: 299 })));
  test("paged", () => {
    const far = fc.integer({ min: 0, max: 60 }).map((cell) => 2 ** 40 + cell);
    compare(
      () => new PagedMarks(2 ** 41),
      fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: PAGE - 5, max: PAGE + 5 }), far),
    );
  });

  test("uniform: every cell that was not visited remains", () => {
    const marks = new UniformMarks(5, 1);
    assert.deepEqual([marks.visit(3), marks.visit(3), marks.visit(0)], [1, -1, 1]);
    assert.deepEqual(remaining(marks), [
      [1, 1],
      [2, 1],
      [4, 1],
    ]);
  });

  const scrambled = (i: number): number => (i * 40_503) % (2 * PAGE);
  for (const [title, cellCount, place] of [
    ["rising, one bitmap of visits", 2 * PAGE, (i: number) => i],
    ["scrambled, one bitmap of visits", 2 * PAGE, scrambled],
    ["rising, pages of visits", 2 ** 40, (i: number) => i],
    ["scrambled, pages of visits", 2 ** 40, scrambled],
  ] as const) {
    test(`paged: pages that fill up, ${title}`, () => {
      const marks = new PagedMarks(cellCount);
      const cells = Array.from({ length: 2 * PAGE }, (_, i) => place(i));
      for (const cell of cells) assert.equal(marks.setStatus(cell, (cell % 999) + 1), true);
      for (const cell of cells) if (cell % 3 !== 0) assert.equal(marks.visit(cell), (cell % 999) + 1);
      assert.equal(marks.visit(1), -1);
      assert.equal(marks.setStatus(6, 1), false);
      const rest = remaining(marks);
      assert.equal(rest.length, Math.ceil((2 * PAGE) / 3));
      assert.ok(rest.every(([cell, status], i) => cell === i * 3 && status === (cell % 999) + 1));
    });
  }
});
