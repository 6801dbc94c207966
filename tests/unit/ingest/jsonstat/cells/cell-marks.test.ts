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
  get statuses(): number {
    return this.#statuses.size;
  }
  setStatus(cell: number, status: number): boolean {
    if (this.#statuses.has(cell)) return false;
    this.#statuses.set(cell, status);
    return true;
  }
  visitAll(cells: Float64Array, from: number, to: number, found: Int32Array): number {
    let known = 0;
    for (let i = from; i < to; i++) {
      if (this.#visited.has(cells[i]!)) known++;
      found[i] = this.#visited.has(cells[i]!) ? -1 : this.statusOf(cells[i]!);
      this.#visited.add(cells[i]!);
    }
    return known;
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

/** Visits one cell and says what was found. */
function visit(marks: CellMarks, cell: number): number {
  const found = Int32Array.of(7, 0);
  const known = marks.visitAll(Float64Array.of(3, cell), 1, 2, found);
  assert.equal(known, found[1] === -1 ? 1 : 0);
  assert.equal(found[0], 7);
  return found[1]!;
}

function compare(make: () => CellMarks, cell: fc.Arbitrary<number>): void {
  const status = fc.tuple(cell, fc.integer({ min: 1, max: 63 }));
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
        for (const at of visits) assert.equal(visit(marks, at), visit(model, at));
        const again = Float64Array.from([...statuses.map(([at]) => at), ...visits, ...visits]);
        const [found, expected] = [new Int32Array(again.length), new Int32Array(again.length)];
        assert.equal(
          marks.visitAll(again, 0, again.length, found),
          model.visitAll(again, 0, again.length, expected),
        );
        assert.equal(marks.statuses, model.statuses);
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

  test("dense: two visitors do not see each other, and their cells are counted once", () => {
    const one = new DenseMarks(101);
    one.setStatus(100, 5);
    const other = new DenseMarks(one.bytes, 0x40);
    assert.deepEqual([visit(one, 100), visit(one, 7), visit(other, 100), visit(other, 8)], [5, 0, 5, 0]);
    assert.deepEqual([visit(one, 8), visit(other, 8)], [0, -1]);
    assert.equal(one.countVisited(), 3);
    one.forgetVisits();
    assert.deepEqual([one.countVisited(), one.statusOf(100), visit(other, 8)], [0, 5, 0]);
  });

  test("uniform: every cell that was not visited remains", () => {
    const marks = new UniformMarks(5, 1);
    assert.deepEqual([visit(marks, 3), visit(marks, 3), visit(marks, 0)], [1, -1, 1]);
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
      for (const cell of cells) if (cell % 3 !== 0) assert.equal(visit(marks, cell), (cell % 999) + 1);
      assert.equal(visit(marks, 1), -1);
      assert.equal(marks.setStatus(6, 1), false);
      const rest = remaining(marks);
      assert.equal(rest.length, Math.ceil((2 * PAGE) / 3));
      assert.ok(rest.every(([cell, status], i) => cell === i * 3 && status === (cell % 999) + 1));
    });
  }
});
