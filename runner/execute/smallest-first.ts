/** A binary heap of numbers: takes the smallest in logarithmic time. */
export class SmallestFirst {
  readonly #heap: number[] = [];

  get size(): number {
    return this.#heap.length;
  }

  add(value: number): void {
    const heap = this.#heap;
    let i = heap.push(value) - 1;
    while (i > 0) {
      const above = (i - 1) >> 1;
      if (heap[above]! <= value) break;
      heap[i] = heap[above]!;
      i = above;
    }
    heap[i] = value;
  }

  /** Removes and returns the smallest, undefined when empty. */
  take(): number | undefined {
    const heap = this.#heap;
    const smallest = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return smallest;
    let i = 0;
    for (;;) {
      let below = 2 * i + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && heap[below + 1]! < heap[below]!) below++;
      if (heap[below]! >= last) break;
      heap[i] = heap[below]!;
      i = below;
    }
    heap[i] = last;
    return smallest;
  }
}
