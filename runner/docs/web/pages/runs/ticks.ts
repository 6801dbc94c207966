/** Round places of an axis of `length` seconds, about `count` of them, the first at 0. */
export function ticksOf(length: number, count: number): number[] {
  const rough = length / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? power;
  return Array.from({ length: Math.floor((length * 0.97) / step) + 1 }, (_, i) => i * step);
}
