import { closeSync, openSync, writeSync } from "node:fs";

/** Everything but the last size is the same for every document; `item` grows with it. */
const FIXED = { freq: 1, unit: 4, sex: 3, age: 25 } as const;
const GEO = 45;
const YEARS = 40;
const CELLS_PER_ITEM = FIXED.freq * FIXED.unit * FIXED.sex * FIXED.age * GEO * YEARS;
/** About four cells of five hold an observation. */
const FILL = 0.8;
const FLAGS = ["p", "e", "b", "d", "u"];

/**
 * Writes a JSON-stat document as Eurostat sends them: `value` and `status` are objects before `id`, `size` and `dimension`, keys in no
 * order, one cell of ten flagged, numbers of one to seven digits. The same number of observations gives the same bytes.
 */
export function generateCube(path: string, observations: number): void {
  const items = Math.max(1, Math.ceil(observations / FILL / CELLS_PER_ITEM));
  const cells = CELLS_PER_ITEM * items;
  const handle = openSync(path, "w");
  let text = "";
  const write = (part: string): void => {
    text += part;
    if (text.length < 1 << 20) return;
    writeSync(handle, text);
    text = "";
  };
  write('{"version":"2.0","class":"dataset","label":"A cube for measuring","source":"ESTAT",');
  write('"updated":"2025-04-04T23:00:00+0200","value":{');
  for (let i = 0; i < observations; i++) {
    const cell = shuffled(i, cells);
    write(`${i === 0 ? "" : ","}"${cell}":${numberOf(cell)}`);
  }
  write('},"status":{');
  let separator = "";
  for (let i = 0; i < observations; i++) {
    const cell = shuffled(i, cells);
    const chance = scramble(cell ^ 0x5bd1e995) % 50;
    if (chance >= FLAGS.length) continue;
    write(`${separator}"${cell}":"${FLAGS[chance]}"`);
    separator = ",";
  }
  const dimensions = dimensionsOf(items);
  write(`},"id":${JSON.stringify([...dimensions.keys()])},`);
  write(`"size":${JSON.stringify([...dimensions.values()].map((codes) => codes.length))},`);
  const described = [...dimensions].map(([id, codes]) => [
    id,
    {
      label: id,
      category: {
        index: Object.fromEntries(codes.map((code, position) => [code, position])),
        label: Object.fromEntries(codes.map((code) => [code, `Label of ${code}`])),
      },
    },
  ]);
  write(`"dimension":${JSON.stringify(Object.fromEntries(described))},`);
  write('"extension":{"id":"BENCH_CUBE","agencyId":"ESTAT"}}\n');
  writeSync(handle, text);
  closeSync(handle);
}

function dimensionsOf(items: number): Map<string, string[]> {
  const codes = (count: number, code: (i: number) => string): string[] =>
    Array.from({ length: count }, (_, i) => code(i));
  return new Map([
    ["freq", ["A"]],
    ["unit", ["NR", "PC", "RT", "P_HTHAB"]],
    ["sex", ["T", "M", "F"]],
    ["age", codes(FIXED.age, (i) => `Y${i * 4}-${i * 4 + 3}`)],
    ["item", codes(items, (i) => `ITEM_${String(i).padStart(3, "0")}`)],
    ["geo", codes(GEO, (i) => String.fromCharCode(65 + (i % 26), 65 + ((i * 7) % 23)))],
    ["time", codes(YEARS, (i) => String(1985 + i))],
  ]);
}

/** One to seven digits, a decimal place in half of them. */
function numberOf(cell: number): string {
  const bits = scramble(cell);
  const whole = (bits >>> 4) % 10 ** (1 + (bits & 3));
  return bits & 8 ? `${whole}.${1 + ((bits >>> 20) % 9)}` : String(whole);
}

/**
 * The cell at place `i` of a shuffle of all cells, without a list of them: a Feistel network on the next power of four, walked until it
 * lands below `cells`.
 */
function shuffled(i: number, cells: number): number {
  const bits = Math.ceil(Math.log2(cells) / 2);
  const mask = 2 ** bits - 1;
  let place = i;
  do {
    let left = place >>> bits;
    let right = place & mask;
    for (let round = 1; round <= 4; round++) {
      [left, right] = [right, left ^ (scramble(right + round * 0x1000003) & mask)];
    }
    place = (left << bits) | right;
  } while (place >= cells);
  return place;
}

/** The end of MurmurHash3: spreads every bit over all. */
function scramble(word: number): number {
  let bits = word ^ (word >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
