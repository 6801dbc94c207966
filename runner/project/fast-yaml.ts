/** The text is not of the plain kind that is read here. */
class NotPlain extends Error {}

/**
 * The value of YAML as most people write it: block maps with plain keys, block lists, flow lists and maps on one line, scalars on one
 * line, comments. Undefined for everything else, mistakes included: `yaml` reads that. Where this finds a value, `yaml` finds the same
 * one; it takes twenty times as long, which a project of a thousand property files feels.
 */
export function readPlainYaml(text: string): { readonly value: unknown } | undefined {
  if (UNUSUAL.test(text)) return undefined;
  try {
    return { value: new PlainReader(text).document() };
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

/** Tabs, carriage returns, byte order marks, other kinds of space, characters that YAML does not allow. */
const UNUSUAL = /[^\n\x20-\x7e\u00a1-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\ud7ff\ue000-\ufefe]/;
const KEY = /([A-Za-z_][\w.-]{0,99}): */y;
const SCALAR_START = /[\w/(.$<=+\-~\u00a1-\ufefe]/;
const NUMBER = /^-?(?:\d{1,15}|\d{1,10}\.\d{1,5})$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const WORDS: Readonly<Record<string, unknown>> = {
  null: null,
  Null: null,
  NULL: null,
  "~": null,
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
};

/** How the lines of a block are joined and what follows the last. */
type Block = { readonly joint: string; readonly close: string };
const BLOCK_HEADS: ReadonlyMap<string, Block> = new Map([
  ["|", { joint: "\n", close: "\n" }],
  ["|-", { joint: "\n", close: "" }],
  [">", { joint: " ", close: "\n" }],
  [">-", { joint: " ", close: "" }],
]);

const [SPACE, HASH, DASH, COLON, COMMA] = [32, 35, 45, 58, 44];
const [DOUBLE, SINGLE, OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [34, 39, 91, 93, 123, 125];
/** Deeper than property files ever are. */
const MAX_DEPTH = 50;

class PlainReader {
  readonly #text: string;
  /** Of the next line that says something; `#indent` -1: there is none. */
  #start = 0;
  #end = 0;
  #indent = -1;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#advance(0);
  }

  document(): unknown {
    if (this.#indent === -1) return null;
    const value = this.#node();
    if (this.#indent !== -1) throw new NotPlain();
    return value;
  }

  /** Goes to the next line from `at` on that is neither blank nor a comment. */
  #advance(at: number): void {
    const text = this.#text;
    for (let line = at; line < text.length;) {
      let start = line;
      while (text.charCodeAt(start) === SPACE) start++;
      const found = text.indexOf("\n", start);
      const end = found === -1 ? text.length : found;
      if (start < end && text.charCodeAt(start) !== HASH) {
        this.#start = start;
        this.#end = end;
        this.#indent = start - line;
        return;
      }
      line = end + 1;
    }
    this.#indent = -1;
  }

  #node(): unknown {
    if (++this.#depth > MAX_DEPTH) throw new NotPlain();
    const value = this.#isItem() ? this.#list() : this.#map();
    this.#depth--;
    return value;
  }

  #isItem(): boolean {
    if (this.#text.charCodeAt(this.#start) !== DASH) return false;
    return this.#start + 1 === this.#end || this.#text.charCodeAt(this.#start + 1) === SPACE;
  }

  #list(): unknown[] {
    const items: unknown[] = [];
    const indent = this.#indent;
    while (this.#indent === indent && this.#isItem()) {
      let at = this.#start + 1;
      while (at < this.#end && this.#text.charCodeAt(at) === SPACE) at++;
      if (at === this.#end || this.#text.charCodeAt(at) === HASH) items.push(this.#below(indent, false));
      else if (this.#keyAt(at) !== undefined) {
        // `- name: x`: a map that begins in the middle of the line.
        this.#indent += at - this.#start;
        this.#start = at;
        items.push(this.#node());
      } else items.push(this.#onLine(at, indent));
    }
    if (this.#indent > indent) throw new NotPlain();
    return items;
  }

  #map(): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    const indent = this.#indent;
    while (this.#indent === indent) {
      const key = this.#keyAt(this.#start);
      if (key === undefined || Object.hasOwn(map, key)) throw new NotPlain();
      const at = KEY.lastIndex;
      const empty = at >= this.#end || this.#text.charCodeAt(at) === HASH;
      map[key] = empty ? this.#below(indent, true) : this.#onLine(at, indent);
    }
    if (this.#indent > indent) throw new NotPlain();
    return map;
  }

  /** The key that begins at `at`, or undefined; `KEY.lastIndex` is then where its value would begin on the line. */
  #keyAt(at: number): string | undefined {
    KEY.lastIndex = at;
    const key = KEY.exec(this.#text)?.[1];
    if (key === undefined) return undefined;
    const after = at + key.length + 1;
    if (after < this.#end && this.#text.charCodeAt(after) !== SPACE) return undefined;
    if (Object.hasOwn(WORDS, key) || key === "__proto__") throw new NotPlain();
    return key;
  }

  /** What stands on the lines below a key or a dash. A list may stand right below its key. */
  #below(indent: number, afterKey: boolean): unknown {
    this.#advance(this.#end);
    if (this.#indent > indent || (afterKey && this.#indent === indent && this.#isItem())) return this.#node();
    return null;
  }

  /** A value that ends on its line; a line further in would go on with it. */
  #onLine(at: number, indent: number): unknown {
    const block = BLOCK_HEADS.get(this.#text.slice(at, this.#end));
    if (block !== undefined) return this.#block(block, indent);
    const { value, next } = this.#value(at, false);
    let rest = next;
    while (rest < this.#end && this.#text.charCodeAt(rest) === SPACE) rest++;
    if (rest < this.#end && (rest === next || this.#text.charCodeAt(rest) !== HASH)) throw new NotPlain();
    this.#advance(this.#end);
    if (this.#indent > indent) throw new NotPlain();
    return value;
  }

  /** Lines of equal indentation below `|` or `>`; blank lines among them have rules of their own and are left to `yaml`. */
  #block({ joint, close }: Block, indent: number): string {
    const text = this.#text;
    const lines: string[] = [];
    let own = -1;
    let line = this.#end + 1;
    for (; line < text.length;) {
      let start = line;
      while (text.charCodeAt(start) === SPACE) start++;
      const end = text.indexOf("\n", start);
      if (end === -1) throw new NotPlain();
      if (start < end) {
        if (start - line <= indent) break;
        if (own === -1) own = start - line;
        if (start - line !== own || text.charCodeAt(end - 1) === SPACE) throw new NotPlain();
        lines.push(text.slice(start, end));
      } else if (start !== line || lines.length === 0) throw new NotPlain();
      else if (text.charCodeAt(end + 1) === SPACE) {
        // Blank lines at the end of the text below are dropped; within it they are not.
        let next = end + 1;
        while (text.charCodeAt(next) === SPACE) next++;
        if (next - end - 1 > indent) throw new NotPlain();
      }
      line = end + 1;
    }
    if (lines.length === 0) throw new NotPlain();
    this.#advance(line);
    return lines.join(joint) + close;
  }

  #value(at: number, inFlow: boolean): { value: unknown; next: number } {
    switch (this.#text.charCodeAt(at)) {
      case DOUBLE:
        return this.#double(at);
      case SINGLE:
        return this.#single(at);
      case OPEN_LIST:
        return this.#flowList(at);
      case OPEN_MAP:
        return this.#flowMap(at);
      default:
        return this.#plain(at, inFlow);
    }
  }

  #double(at: number): { value: string; next: number } {
    const close = this.#text.indexOf('"', at + 1);
    if (close === -1 || close >= this.#end) throw new NotPlain();
    const value = this.#text.slice(at + 1, close);
    if (value.includes("\\")) throw new NotPlain();
    return { value, next: close + 1 };
  }

  #single(at: number): { value: string; next: number } {
    for (let from = at + 1; ; from += 2) {
      from = this.#text.indexOf("'", from);
      if (from === -1 || from >= this.#end) throw new NotPlain();
      if (this.#text.charCodeAt(from + 1) === SINGLE) continue;
      return { value: this.#text.slice(at + 1, from).replaceAll("''", "'"), next: from + 1 };
    }
  }

  #plain(at: number, inFlow: boolean): { value: unknown; next: number } {
    const text = this.#text;
    let end = at;
    for (; end < this.#end; end++) {
      const code = text.charCodeAt(end);
      if (code === HASH && text.charCodeAt(end - 1) === SPACE) break;
      // `a: b` within a value is a mistake or a map; within brackets more things are, so that none is taken.
      if (code === COLON && (inFlow || end + 1 === this.#end || text.charCodeAt(end + 1) === SPACE))
        throw new NotPlain();
      if (inFlow && (code === COMMA || code === CLOSE_LIST || code === CLOSE_MAP)) break;
      if (inFlow && (code === OPEN_LIST || code === OPEN_MAP)) throw new NotPlain();
    }
    while (end > at && text.charCodeAt(end - 1) === SPACE) end--;
    return { value: scalar(text.slice(at, end)), next: end };
  }

  #flowList(open: number): { value: unknown[]; next: number } {
    const value: unknown[] = [];
    const next = this.#flow(open, CLOSE_LIST, (at) => {
      const read = this.#value(at, true);
      value.push(read.value);
      return read.next;
    });
    return { value, next };
  }

  #flowMap(open: number): { value: Record<string, unknown>; next: number } {
    const value: Record<string, unknown> = {};
    const next = this.#flow(open, CLOSE_MAP, (at) => {
      const key = this.#keyAt(at);
      if (key === undefined || Object.hasOwn(value, key)) throw new NotPlain();
      const read = this.#value(KEY.lastIndex, true);
      value[key] = read.value;
      return read.next;
    });
    return { value, next };
  }

  /** Items between brackets on one line; returns where the line goes on. */
  #flow(open: number, close: number, item: (at: number) => number): number {
    if (++this.#depth > MAX_DEPTH) throw new NotPlain();
    const skip = (from: number): number => {
      let at = from;
      while (at < this.#end && this.#text.charCodeAt(at) === SPACE) at++;
      if (at >= this.#end) throw new NotPlain();
      return at;
    };
    let at = skip(open + 1);
    while (this.#text.charCodeAt(at) !== close) {
      at = skip(item(at));
      const code = this.#text.charCodeAt(at);
      if (code === COMMA) {
        at = skip(at + 1);
        if (this.#text.charCodeAt(at) === close) throw new NotPlain();
      } else if (code !== close) throw new NotPlain();
    }
    this.#depth--;
    return at + 1;
  }
}

/** A plain scalar by the core schema of YAML 1.2. What only looks like a number is left to `yaml`. */
function scalar(text: string): unknown {
  if (!SCALAR_START.test(text.charAt(0))) throw new NotPlain();
  if (Object.hasOwn(WORDS, text)) return WORDS[text];
  const code = text.charCodeAt(0);
  // + - . and digits
  if (code < 43 || code > 57 || code === COMMA || code === 47) return text;
  if (NUMBER.test(text)) return Number(text);
  if (DATE.test(text)) return text;
  throw new NotPlain();
}
