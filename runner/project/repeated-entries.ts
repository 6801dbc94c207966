import { isObject } from "../base/json.ts";
import { Recent } from "../base/recent.ts";

/**
 * The value of a property file that describes models and nothing else, in which entries and lists of columns that were read before, letter by letter,
 * are not read again: generated files, and those of models that are alike, say the same over and over. undefined: the file is not of that form.
 * What is the same is one object, so that others may know it again. `load` reads YAML; in it are no anchors, tags, tabs, nor hyphens alone on a line.
 *
 * An entry begins where a line of the list's indentation begins with a hyphen. Each entry that `load` finds begins so; where it finds as
 * many as there are such lines, each of them is one, and none holds a text that runs on into the next: it means the same wherever it stands.
 */
export function loadEntries(text: string, load: (text: string) => unknown): unknown {
  HEAD.lastIndex = 0;
  const head = HEAD.exec(text);
  if (head === null) return undefined;
  const indent = head[1]!;
  const start = HEAD.lastIndex;
  const other = indent === "" ? NO_ENTRY : NO_INDENT;
  other.lastIndex = start;
  if (other.test(text)) return undefined;
  const reader = readerOf(indent);
  const cuts = reader.cut(text, start);
  let unknown = text.slice(0, start);
  for (const { rest } of cuts) unknown += rest;
  const value = load(unknown);
  if (!isObject(value)) return undefined;
  const models = reader.join(cuts, listIn(value["models"]));
  return models === undefined ? undefined : { ...value, models };
}

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** `models:` after comments and the version that dbt asks for. */
const HEAD = /(?:(?:#.*|version: 2)?\n)*models:\n(?=( *)- )/y;
/** A line that begins at the left and is neither a comment nor, in a list that begins there, an entry. */
const NO_INDENT = /\n[^ #\n]/g;
const NO_ENTRY = /\n(?!- )[^ #\n]/g;

/** An entry of the list, and what is known of it. */
type Cut = {
  /** null: something else than a plain word, and nothing is known. */
  readonly name: string | null;
  /** What stands below its name. */
  readonly body: string;
  readonly entry: object | undefined;
  /** What stands below `columns:`, if that is the last of it. */
  readonly list: string | null;
  readonly columns: readonly unknown[] | undefined;
  /** What is left to be read. */
  readonly rest: string;
};

/** Entries, and lists, that are kept at least. */
const KEPT = 1000;

/** Of lists with one indentation. */
class EntryReader {
  readonly #entries = new Recent<object>(KEPT);
  readonly #lists = new Recent<readonly unknown[]>(KEPT);
  readonly #begin: string;
  readonly #name: RegExp;
  readonly #columns: string;
  /** A line that is no part of the list of columns. */
  readonly #beyond: RegExp;

  constructor(indent: string) {
    this.#begin = `\n${indent}- `;
    this.#name = new RegExp(`${indent}- name: (?!(?:null|true|false)\n)([a-z_]\\w*)\n`, "iy");
    this.#columns = `\n${indent}  columns:`;
    this.#beyond = new RegExp(`^ {0,${indent.length + 2}}(?!- )[^ #\n]`, "m");
  }

  /** A list that runs from `start` to the end of the text. */
  cut(text: string, start: number): Cut[] {
    const cuts: Cut[] = [];
    for (let at = start; at < text.length;) {
      const next = text.indexOf(this.#begin, at);
      const end = next === -1 ? text.length : next + 1;
      cuts.push(this.#cut(text, at, end));
      at = end;
    }
    return cuts;
  }

  #cut(text: string, from: number, to: number): Cut {
    this.#name.lastIndex = from;
    const name = this.#name.exec(text)?.[1] ?? null;
    const none = { list: null, columns: undefined };
    if (name === null) return { name, body: "", entry: undefined, ...none, rest: text.slice(from, to) };
    const body = text.slice(this.#name.lastIndex, to);
    const entry = this.#entries.get(body);
    if (entry !== undefined) return { name, body, entry, ...none, rest: "" };
    const whole = text.slice(from, to);
    const list = this.#listOf(whole);
    const columns = list === null ? undefined : this.#lists.get(list);
    return {
      name,
      body,
      entry,
      list,
      columns,
      rest: columns === undefined ? whole : whole.slice(0, -list!.length),
    };
  }

  #listOf(entry: string): string | null {
    const key = entry.indexOf(this.#columns);
    const start = key + this.#columns.length;
    if (key === -1 || entry.charCodeAt(start) !== BREAK) return null;
    const list = entry.slice(start + 1);
    return list === "" || this.#beyond.test(list) ? null : list;
  }

  /** All entries, given those that were read; undefined: lines that look like the beginning of one are something else. */
  join(cuts: readonly Cut[], read: readonly unknown[]): unknown[] | undefined {
    const entries: unknown[] = [];
    let count = 0;
    for (const { name, entry, columns } of cuts) {
      if (entry !== undefined) {
        entries.push({ ...entry, name });
        continue;
      }
      const found = read[count++];
      if (columns !== undefined) {
        if (!isObject(found) || found["columns"] !== null) return undefined;
        found["columns"] = columns;
      }
      entries.push(found);
    }
    if (count !== read.length) return undefined;
    for (let i = 0; i < cuts.length; i++) if (cuts[i]!.entry === undefined) this.#keep(cuts[i]!, entries[i]);
    return entries;
  }

  #keep({ name, body, list, columns }: Cut, entry: unknown): void {
    // A name may run on into the next line.
    if (name === null || !isObject(entry) || entry["name"] !== name) return;
    this.#entries.set(body, entry);
    if (list === null || columns !== undefined || Object.keys(entry).at(-1) !== "columns") return;
    const same = this.#lists.get(list);
    if (same !== undefined) entry["columns"] = same;
    else if (Array.isArray(entry["columns"])) this.#lists.set(list, entry["columns"] as readonly unknown[]);
  }
}

const BREAK = 10;

const readers = new Map<string, EntryReader>();
function readerOf(indent: string): EntryReader {
  let reader = readers.get(indent);
  if (reader === undefined) readers.set(indent, (reader = new EntryReader(indent)));
  return reader;
}
