import { readFileSync, statSync } from "node:fs";
import { sep } from "node:path";
import { writeFileAtomic } from "../base/files.ts";
import { isObject } from "../base/json.ts";

/**
 * A list of files with the hashes of their texts, kept beside them. A file that was touched after the list was written, by a person or by
 * another process, or that has gone, is not trusted; neither is a list that cannot be read.
 */
export class WrittenFiles {
  readonly #list: string;
  readonly #hashes: Map<string, string>;
  /** Of the list, in milliseconds; 0: there is none. */
  readonly #listedAt: number;
  #isChanged = false;

  constructor(list: string) {
    this.#list = list;
    this.#listedAt = touchedAt(list);
    this.#hashes = this.#listedAt === 0 ? new Map() : readHashes(list);
  }

  /** Whether the file `file` of a folder holds the text of this hash. */
  has(file: string, folder: string, hash: string): boolean {
    if (this.#listedAt === 0 || this.#hashes.get(file) !== hash) return false;
    const found = statSync(`${folder}${sep}${file}`, { throwIfNoEntry: false });
    return found !== undefined && found.mtimeMs <= this.#listedAt;
  }

  add(file: string, hash: string): void {
    this.#hashes.set(file, hash);
    this.#isChanged = true;
  }

  save(): void {
    if (!this.#isChanged) return;
    // Lists, as reading thirty thousand keys of an object takes four times as long.
    const listed: Listed = { files: [...this.#hashes.keys()], hashes: [...this.#hashes.values()] };
    writeFileAtomic(this.#list, JSON.stringify(listed));
  }
}

/** 0 also where no file can be: whoever writes there tells what is wrong. */
function touchedAt(list: string): number {
  try {
    return statSync(list, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  } catch {
    return 0;
  }
}

type Listed = { readonly files: readonly string[]; readonly hashes: readonly string[] };

function readHashes(list: string): Map<string, string> {
  try {
    const value: unknown = JSON.parse(readFileSync(list, "utf8"));
    return isListed(value) ? new Map(value.files.map((file, i) => [file, value.hashes[i]!])) : new Map();
  } catch {
    return new Map();
  }
}

const isListed = (value: unknown): value is Listed =>
  isObject(value) &&
  Array.isArray(value["files"]) &&
  Array.isArray(value["hashes"]) &&
  value["files"].length === value["hashes"].length;
