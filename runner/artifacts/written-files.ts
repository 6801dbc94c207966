import { readFileSync, statSync } from "node:fs";
import { writeFileAtomic } from "../base/files.ts";
import { isObject } from "../base/json.ts";

/**
 * A list of files with the hashes of their texts, kept beside them. A file that was touched after the list was written, by a person or by
 * another process, or that has gone, is not trusted; neither is a list that cannot be read.
 */
export class WrittenFiles {
  readonly #list: string;
  readonly #hashes: Record<string, unknown>;
  /** Of the list, in milliseconds; 0: there is none. */
  readonly #listedAt: number;
  #isChanged = false;

  constructor(list: string) {
    this.#list = list;
    this.#listedAt = touchedAt(list);
    this.#hashes = this.#listedAt === 0 ? {} : readHashes(list);
  }

  /** Whether the file at `path`, listed as `file`, holds the text of this hash. */
  has(file: string, path: string, hash: string): boolean {
    if (!Object.hasOwn(this.#hashes, file) || this.#hashes[file] !== hash) return false;
    const found = statSync(path, { throwIfNoEntry: false });
    return found !== undefined && found.mtimeMs <= this.#listedAt;
  }

  add(file: string, hash: string): void {
    this.#hashes[file] = hash;
    this.#isChanged = true;
  }

  save(): void {
    if (this.#isChanged) writeFileAtomic(this.#list, JSON.stringify(this.#hashes));
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

function readHashes(list: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(list, "utf8"));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
