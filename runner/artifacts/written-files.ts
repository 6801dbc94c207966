import { readFileSync, statSync } from "node:fs";
import { sep } from "node:path";
import { putFile } from "../base/files.ts";
import { isObject } from "../base/json.ts";

/**
 * A list of files with the hashes of their texts, kept beside them. A file is not trusted that was touched after it was listed, by a person
 * or by another process, or has another size, or has gone; neither is a list that cannot be read. So neither of them needs to be forced to the
 * disk: what a power cut leaves of a file is empty or short.
 */
export class WrittenFiles {
  readonly #list: string;
  readonly #files: string[];
  readonly #hashes: string[];
  /** When a list first said so, in milliseconds; NOW: the one to be written will. */
  readonly #since: number[];
  /** Where the file after the one before is, as they mostly come in the order of the list: half the time of looking each up. */
  #next = 0;
  #places: Map<string, number> | undefined;
  #isChanged = false;

  constructor(list: string) {
    this.#list = list;
    const { files, hashes, since, times } = readList(list);
    this.#files = [...files];
    this.#hashes = [...hashes];
    this.#since = since.map((time) => times[time]!);
  }

  /** Whether the file `file` of a folder holds the text of this hash and of so many bytes. */
  has(file: string, folder: string, hash: string, bytes: number): boolean {
    const place = this.#placeOf(file);
    if (place === undefined || this.#hashes[place] !== hash) return false;
    const found = statSync(`${folder}${sep}${file}`, { throwIfNoEntry: false });
    return found !== undefined && found.size === bytes && found.mtimeMs <= this.#since[place]!;
  }

  add(file: string, hash: string): void {
    let place = this.#placeOf(file);
    if (place === undefined) {
      place = this.#files.push(file) - 1;
      this.#places?.set(file, place);
    }
    this.#hashes[place] = hash;
    this.#since[place] = NOW;
    this.#isChanged = true;
  }

  #placeOf(file: string): number | undefined {
    let place: number | undefined = this.#next;
    if (this.#files[place] !== file) {
      this.#places ??= new Map(this.#files.map((name, i) => [name, i]));
      place = this.#places.get(file);
    }
    if (place !== undefined) this.#next = place + 1;
    return place;
  }

  save(): void {
    if (!this.#isChanged) return;
    const times = [NOW, ...new Set(this.#since.filter((time) => time !== NOW))];
    const numbers = new Map(times.map((time, i) => [time, i]));
    const listed: Listed = {
      files: this.#files,
      hashes: this.#hashes,
      since: this.#since.map((time) => numbers.get(time)!),
      times,
    };
    putFile(this.#list, JSON.stringify(listed));
  }
}

const NOW = 0;

/**
 * `since`: for each file, which of the times it was first listed so; the first of them is when the list was written. Lists, as reading thirty
 * thousand keys of an object takes four times as long.
 */
type Listed = {
  readonly files: readonly string[];
  readonly hashes: readonly string[];
  readonly since: readonly number[];
  readonly times: readonly number[];
};
const nothing: Listed = { files: [], hashes: [], since: [], times: [] };

function readList(list: string): Listed {
  try {
    // Before it is read: another process may write it anew meanwhile.
    const { mtimeMs } = statSync(list);
    const value: unknown = JSON.parse(readFileSync(list, "utf8"));
    return isListed(value) ? { ...value, times: [mtimeMs, ...value.times.slice(1)] } : nothing;
  } catch {
    // There is none, or none that can be read. Where no file can be, whoever writes there tells what is wrong.
    return nothing;
  }
}

const isListed = (value: unknown): value is Listed =>
  isObject(value) &&
  ["files", "hashes", "since", "times"].every((key) => Array.isArray(value[key])) &&
  new Set(["files", "hashes", "since"].map((key) => (value[key] as unknown[]).length)).size === 1;
