import { join, sep } from "node:path";
import { OperationError } from "../base/errors.ts";
import { makeFolder, putFile, resolveInside } from "../base/files.ts";
import { sha256 } from "../base/hash.ts";
import { WrittenFiles } from "./written-files.ts";

/**
 * A folder of SQL files. Each appears whole, but is not forced to the disk: it can be made again, and there may be thousands. Most are those of
 * the last run, which a list of their hashes tells faster than reading them.
 */
export class SqlFolder {
  readonly #path: string;
  readonly #folders = new Map<string, string>();
  readonly #written: WrittenFiles;
  /** Of the file before: neighbours are put one after the other. */
  #last: { readonly name: string; readonly path: string } = { name: "/", path: "" };

  constructor(path: string) {
    this.#path = path;
    this.#written = new WrittenFiles(join(path, LIST));
  }

  /** `file`: below the folder, with slashes. */
  put(file: string, contents: string | Uint8Array): void {
    const bytes = typeof contents === "string" ? Buffer.from(contents) : contents;
    // Half the time of MD5: processors have instructions for it.
    const hash = sha256(bytes);
    if (this.#written.has(file, this.#path, hash, bytes.length)) return;
    const slash = file.lastIndexOf("/");
    if (slash !== this.#last.name.length || !file.startsWith(this.#last.name)) {
      const name = file.slice(0, Math.max(slash, 0));
      this.#last = { name, path: this.#folderOf(name) };
    }
    putFile(`${this.#last.path}${sep}${file.slice(slash + 1)}`, bytes);
    this.#written.add(file, hash);
  }

  /** To be called when all is written: only what is listed is trusted the next time. */
  save(): void {
    this.#written.save();
  }

  /** Made where it is not there: looked at once, however many files it holds. */
  #folderOf(name: string): string {
    let path = this.#folders.get(name);
    if (path === undefined) {
      path = resolveInside(this.#path, name);
      if (path === undefined) throw new OperationError("DISK", `SQL below ${name} would leave ${this.#path}`);
      makeFolder(path);
      this.#folders.set(name, path);
    }
    return path;
  }
}

/** Of the hashes of what is in the folder. */
export const LIST = ".written.json";
