import fc from "fast-check";

/** A cube and how it is to be written. All choices of order, space and number spelling follow from `seed`. */
export type SpelledCube = {
  readonly dimensions: readonly SpelledDimension[];
  /** One entry a cell, as JSON text; null for a cell that is not there. */
  readonly values: readonly (string | null)[];
  readonly statuses: readonly (string | null)[];
  readonly valueForm: "array" | "object";
  readonly statusForm: "array" | "object" | "text" | "one" | "none" | "wrapped";
  readonly frameForm: "root" | "inside" | "both";
  readonly sizesAsText: boolean;
  readonly wrap: "bare" | "class" | "dataset" | "bundle" | "result" | "collection" | "result-bundle";
  readonly seed: number;
};

export type SpelledDimension = {
  readonly id: string;
  readonly codes: readonly string[];
  readonly index: "array" | "object" | "text-positions" | "absent";
  readonly labels: boolean;
};

const code = fc.oneof(
  fc.stringMatching(/^[A-Z]{1,3}\d?$/),
  fc.integer({ min: 0, max: 30 }).map(String),
  fc.constantFrom(
    "01",
    "1",
    "M+K",
    "-",
    "",
    "æ ø",
    '"',
    "a\\b",
    "}},{",
    "2024-W05",
    "__proto__",
    "constructor",
    "日本",
  ),
);
const id = fc.oneof(
  fc.constantFrom(
    "geo",
    "time",
    "value",
    "status",
    "sex",
    "TLIST(M1)",
    "BEVÆGELSE",
    "marital status",
    "id",
    "size",
  ),
  fc.stringMatching(/^[a-zA-Z ]{1,8}$/),
);
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.integer().map(String),
  fc
    .tuple(fc.integer({ min: -9999, max: 9999 }), fc.stringMatching(/^\d{1,14}$/))
    .map(([whole, part]) => `${whole}.${part}`),
  fc.constantFrom(
    "-0",
    "0.0",
    "-0.00",
    "1e5",
    "1E-7",
    "-2.5e+3",
    "5e-324",
    "123456789012345678",
    "0.1000000000000000055",
    "999999999999999.9",
  ),
);
const text = fc.oneof(
  fc.constantFrom(
    ":C",
    "KG",
    ":",
    "}",
    "]",
    '","',
    "},",
    "\\",
    "a long text of a footnote",
    "é",
    "12",
    '"x":{',
  ),
  fc.string({ maxLength: 6 }),
);
const status = fc.oneof(
  fc.constantFrom("p", "b", "bp", "p|C", "|C", "m", "..", ":", "}", "é", "a longer note", "", "|"),
  fc.string({ maxLength: 5 }),
);
const value = fc.oneof(
  { weight: 8, arbitrary: number },
  { weight: 2, arbitrary: text.map((one) => JSON.stringify(one)) },
  { weight: 1, arbitrary: fc.constantFrom("null", "true", "false") },
);

export const spelledCube: fc.Arbitrary<SpelledCube> = fc
  .uniqueArray(id, { maxLength: 4 })
  .chain((ids) => fc.tuple(...ids.map((one) => dimension(one))))
  .chain((dimensions) => {
    const cells = dimensions.reduce((product, { codes }) => product * codes.length, 1);
    const list = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<(T | null)[]> =>
      fc.array(fc.option(one, { freq: 3 }), { minLength: cells, maxLength: cells });
    return fc.record({
      dimensions: fc.constant(dimensions),
      values: list(value),
      statuses: list(status),
      valueForm: fc.constantFrom("array", "object"),
      statusForm: fc.constantFrom("array", "object", "text", "one", "none", "wrapped"),
      frameForm: fc.constantFrom("root", "inside", "both"),
      sizesAsText: fc.boolean(),
      wrap: fc.constantFrom("bare", "class", "dataset", "bundle", "result", "collection", "result-bundle"),
      seed: fc.integer(),
    });
  });

function dimension(name: string): fc.Arbitrary<SpelledDimension> {
  return fc.record({
    id: fc.constant(name),
    codes: fc.uniqueArray(code, { maxLength: 5 }),
    index: fc.constantFrom("array", "object", "text-positions", "absent"),
    labels: fc.boolean(),
  });
}

/** Writes the cube as a document. */
export function spell(cube: SpelledCube): string {
  const random = randomOf(cube.seed);
  const shuffle = <T>(list: readonly T[]): T[] =>
    list
      .map((one) => [random(), one] as const)
      .toSorted(([a], [b]) => a - b)
      .map(([, one]) => one);
  const space = (): string => ["", "", "", " ", "\n  ", "\r\n\t"][Math.floor(random() * 6)]!;
  const quote = (one: string): string => {
    const json = JSON.stringify(one);
    return random() < 0.2
      ? json.replaceAll(/[a-z]/g, (letter) => (json.includes("\\") ? letter : escaped(letter)))
      : json;
  };
  const object = (members: readonly (readonly [string, string])[]): string =>
    `{${space()}${shuffle(members)
      .map(([name, json]) => `${quote(name)}${space()}:${space()}${json}${space()}`)
      .join(`,${space()}`)}}`;
  const array = (elements: readonly string[]): string =>
    `[${space()}${elements.join(`${space()},${space()}`)}${space()}]`;

  const category = ({ codes, index, labels }: SpelledDimension): string => {
    // Without an index only one category has a place that JSON.parse preserves whatever its code.
    const form = index === "absent" && codes.length !== 1 ? "array" : index;
    const position = (i: number): string => (form === "text-positions" ? `"${i}"` : String(i));
    return object([
      ...(form === "array" ? [["index", array(codes.map(quote))] as const] : []),
      ...(form === "object" || form === "text-positions"
        ? [["index", object(codes.map((one, i) => [one, position(i)] as const))] as const]
        : []),
      ...(labels || form === "absent"
        ? [["label", object(codes.map((one) => [one, quote(`the ${one}`)] as const))] as const]
        : []),
    ]);
  };
  const list = (form: "array" | "object", cells: readonly (string | null)[]): string =>
    form === "array"
      ? array(cells.map((cell) => cell ?? "null"))
      : object(cells.flatMap((cell, i) => (cell === null ? [] : [[String(i), cell] as const])));

  const sizes = cube.dimensions.map(({ codes }) =>
    cube.sizesAsText ? `"${codes.length}"` : String(codes.length),
  );
  // A dimension called "id" or "size" leaves no room for the 1.x form.
  const clash = cube.dimensions.some((one) => one.id === "id" || one.id === "size");
  const frameForm = clash ? "root" : cube.frameForm;
  const frame = [
    ["id", array(cube.dimensions.map((one) => quote(one.id)))],
    ["size", array(sizes)],
  ] as const;
  const statuses = cube.statuses.map((one) => (one === null ? null : quote(one)));
  const first = quote(cube.statuses[0] ?? "u");
  const status = {
    array: list("array", statuses),
    object: list("object", statuses),
    text: first,
    one: array([first]),
    none: "null",
    wrapped: object([
      ["value", list("array", statuses)],
      ["category", '{"label":{"p":"provisional"}}'],
    ]),
  }[cube.statusForm];
  const dataset = object([
    ["label", quote("a cube")],
    ["value", list(cube.valueForm, cube.values)],
    ["status", status],
    [
      "dimension",
      object([
        ...(frameForm === "root" ? [] : frame),
        ...cube.dimensions.map((one) => [one.id, `{"category":${category(one)}}`] as const),
      ]),
    ],
    ["extension", '{"value":{"0":1},"status":["x"],"note":"}"}'],
    ...(frameForm === "inside" ? [] : frame),
    ...(cube.wrap === "class" || cube.wrap === "collection" ? [["class", '"dataset"'] as const] : []),
  ]);
  switch (cube.wrap) {
    case "bare":
    case "class":
      return space() + dataset + space();
    case "dataset":
      return object([["dataset", dataset]]);
    case "bundle":
      return object([
        ["first", dataset],
        ["second", dataset],
      ]);
    case "result":
      return object([
        ["jsonrpc", '"2.0"'],
        ["result", dataset],
        ["id", "1"],
      ]);
    case "result-bundle":
      return object([
        ["jsonrpc", '"2.0"'],
        ["result", object([["x", dataset]])],
      ]);
    case "collection":
      return object([
        ["class", '"collection"'],
        ["link", object([["item", array([dataset, '{"class":"dataset","href":"x"}'])]])],
      ]);
  }
}

const escaped = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
