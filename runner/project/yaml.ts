import { createRequire } from "node:module";
import { CORE_SCHEMA, load } from "js-yaml";
import type * as Yaml from "yaml";
import { messageOf } from "../base/errors.ts";
import type { Place, Problem } from "../base/problems.ts";

/** A YAML file read: its plain value, and where each part of it stands. */
export type YamlFile = {
  readonly file: string;
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /**
   * Where the value at `path` stands, or what is below it there, step by step; for a key of a map, where the key stands. The nearest parent
   * when it is absent.
   */
  readonly placeOf: (path: Path, a?: Step, b?: Step, c?: Step) => Place;
  /** What is written at `path`, where `value` is not what is read any more: its templates are rendered. */
  readonly written?: (path: Path) => unknown;
};
export type YamlText = YamlFile & {
  /** The letters of a value: `1.0`, which is the number 1. undefined: a list, a map, nothing. */
  readonly writtenAt: (path: Path) => string | undefined;
};
export type Path = readonly Step[];
type Step = string | number;

let loaded: typeof Yaml | undefined;

/** Not bundled, and loaded when somebody asks where a thing stands: it takes a tenth of the start of a command, and most never ask. */
const library = (): typeof Yaml => (loaded ??= createRequire(import.meta.url)("yaml") as typeof Yaml);

/** Reads YAML 1.2. Mistakes come back as problems with their places; the value is then null. */
export function parseYaml(file: string, text: string): YamlText {
  const plain = readQuickly(text);
  // Where things stand is asked for when something is wrong, which is seldom: only then is the text read with its places.
  let whole: Whole | undefined;
  const read = (): Whole => (whole ??= readWhole(file, text));
  const { value, problems } = plain === undefined ? read() : { ...plain, problems: [] };
  const positionOf = (path: Path): Position => read().positionOf(path);
  const placeOf = (path: Path, a?: Step, b?: Step, c?: Step): Place =>
    new LazyPlace(file, positionOf, path, a, b, c);
  return { file, value, problems, placeOf, writtenAt: (path) => read().writtenAt(path) };
}

/**
 * What is left to `yaml`, as the two differ on it: tabs, tags, marks of documents and of byte order, braces without quotes and other collections
 * as keys, keys after a question mark, entries of lists that begin on the next line, block texts that keep all line ends or say their
 * indentation, some numbers with a sign or an exponent; and what may be an anchor or an alias, as `yaml` knows how many are too many.
 */
const LEFT_TO_YAML = new RegExp(
  [
    /\t|\r(?!\n)|\ufeff|^(?:---|\.\.\.)[^ \r\n]/,
    /[:,[-]\s*\{\{|[}\]]\s*:(?:[\s,}\]]|$)/,
    /[|>](?:\+|[-+]?[1-9][-+]?)\s*(?:#.*)?$|^ *(?:- +)*- *(?:#.*)?$/,
    /(?:^|[\s[{,:-])(?:[&*][^\s*&]|!|\?(?:\s|$)|0b|[-+](?:\.\d|0))|\d[eE][-+]?\d{3}/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "m",
);

/**
 * The value as js-yaml finds it, which takes a tenth of the time that `yaml` takes and knows nearly the same core schema; undefined where it finds
 * a mistake, which `yaml` tells with its place. A test holds the two to the same values.
 */
function readQuickly(text: string): { readonly value: unknown } | undefined {
  if (LEFT_TO_YAML.test(text)) return undefined;
  try {
    const value = load(text, { schema: CORE_SCHEMA }) ?? null;
    // A whole file that is one text: they differ on how far in it stands.
    return typeof value === "string" ? undefined : { value };
  } catch {
    return undefined;
  }
}

type Position = { readonly line: number; readonly col: number };
type Whole = Pick<YamlText, "value" | "problems" | "writtenAt"> & {
  readonly positionOf: (path: Path) => Position;
};

function readWhole(file: string, text: string): Whole {
  const { LineCounter, isMap, isScalar, parseDocument, visit } = library();
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true, logLevel: "error" });
  const problems = document.errors.map((error): Problem => {
    const start = error.linePos?.[0];
    const message = error.message.split("\n")[0]!.replace(/ at line \d+, column \d+:?$/, "");
    return { file, line: start?.line ?? 1, column: start?.col ?? 1, code: "YAML_SYNTAX", message };
  });
  visit(document, {
    Pair(_, pair) {
      const offset = isMap(pair.key) ? startOf(pair.key) : undefined;
      if (offset === undefined) return;
      const { line, col: column } = lines.linePos(offset);
      const message = "a map cannot be a key: {{ … }} without quotes is a map in a map";
      const hint = 'put quotes around it: "{{ … }}"';
      problems.push({ file, line, column, code: "YAML_SYNTAX", message, hint });
    },
  });
  let value: unknown = null;
  try {
    if (problems.length === 0) value = document.toJS();
  } catch (error) {
    // An alias that means nothing, or aliases of aliases that would grow without end.
    problems.push({ file, line: 1, column: 1, code: "YAML_SYNTAX", message: messageOf(error) });
  }
  return {
    value,
    problems,
    positionOf: (path) => lines.linePos(offsetOf(document, path)),
    writtenAt(path) {
      const node = document.getIn(path, true);
      return isScalar(node) ? node.source : undefined;
    },
  };
}

/** A place that is worked out when somebody asks: most are never asked for, and each costs a walk down the document. */
class LazyPlace implements Place {
  /** While places are kept for another process: the key under which their paths are told instead of lines, which nobody has asked for. */
  static keptAs: string | null = null;
  /** How many have been told so. */
  static told = 0;
  readonly file: string;
  readonly #find: (path: Path) => Position;
  /** Shared by all that stand in the same list. */
  readonly #path: Path;
  readonly #a: Step | undefined;
  readonly #b: Step | undefined;
  readonly #c: Step | undefined;
  constructor(file: string, find: (path: Path) => Position, path: Path, a?: Step, b?: Step, c?: Step) {
    this.file = file;
    this.#find = find;
    this.#path = path;
    this.#a = a;
    this.#b = b;
    this.#c = c;
  }
  get line(): number {
    return this.#find(this.#whole()).line;
  }
  get column(): number {
    return this.#find(this.#whole()).col;
  }
  #whole(): Path {
    const steps = [this.#a, this.#b, this.#c].filter((step) => step !== undefined);
    return [...this.#path, ...steps];
  }
  toJSON(): Place | Record<string, unknown> {
    if (LazyPlace.keptAs !== null) {
      LazyPlace.told++;
      return { [LazyPlace.keptAs]: this.#whole(), file: this.file };
    }
    return { file: this.file, line: this.line, column: this.column };
  }
}

/**
 * In JSON that is made within `body`, a place that nobody has asked for is its path in the file, under `key`: `{[key]: path, file}`; `told` gives
 * how many there have been.
 */
export function withPathsAsPlaces<T>(key: string, body: (told: () => number) => T): T {
  LazyPlace.keptAs = key;
  try {
    return body(() => LazyPlace.told);
  } finally {
    LazyPlace.keptAs = null;
  }
}

/** The places of a file that was read by another process; `read` gives its text when one of them is asked for. */
export function placesOf(file: string, read: () => string): (path: Path) => Place {
  let whole: Whole | undefined;
  return (path) =>
    new LazyPlace(file, (wanted) => (whole ??= readWhole(file, read())).positionOf(wanted), path);
}

function offsetOf(document: Yaml.Document, path: Path): number {
  const { isMap, isScalar, isSeq } = library();
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair: Yaml.Pair | undefined = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(step),
      );
      if (!pair) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  if (library().isPair(node)) return startOf(node.key);
  const range = (node as { range?: readonly number[] | null } | null | undefined)?.range;
  return range?.[0];
}
