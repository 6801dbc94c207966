import { closeSync, ftruncateSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import * as z from "zod";
import { writeFileAtomic } from "../../runner/base/files.ts";
import { sha256 } from "../../runner/base/hash.ts";
import type { HttpRequest, Marks } from "./types.ts";

const metaSchema = z.strictObject({
  request: z.string(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  total: z.number().nullable(),
});
type Meta = z.infer<typeof metaSchema>;

/** What has come of a document, as it came over the wire: `<path>.part`, and beside it what it is a part of. */
export class PartFile {
  readonly path: string;
  readonly #metaPath: string;
  readonly #request: string;
  #handle: number | undefined;
  size = 0;
  meta: Meta | undefined;

  constructor(path: string, request: HttpRequest) {
    this.path = `${path}.part`;
    this.#metaPath = `${path}.part.json`;
    this.#request = sha256(JSON.stringify([request.url, request.method ?? "GET", request.body ?? ""]));
    this.#readMeta();
  }

  #readMeta(): void {
    try {
      const meta = metaSchema.parse(JSON.parse(readFileSync(this.#metaPath, "utf8")));
      if (meta.request !== this.#request) throw new Error("of another request");
      this.meta = meta;
      this.size = statSync(this.path).size;
    } catch {
      // None, or of another request, or cut short by a kill: begun anew.
      this.discard();
    }
  }

  /** Headers that ask for the rest alone, if it is still the same document; empty where it cannot go on. */
  rangeHeaders(): Record<string, string> {
    if (this.meta === undefined || this.size === 0) return {};
    // A weak mark says that two documents mean the same, not that their bytes are.
    const strong = this.meta.etag?.startsWith("W/") ? null : this.meta.etag;
    const mark = strong ?? this.meta.lastModified;
    return mark === null ? {} : { range: `bytes=${this.size}-`, "if-range": mark };
  }

  /** An answer begins: from the first byte, or from where this stands. */
  begin(marks: Marks, total: number | null, goesOn: boolean): void {
    this.#handle ??= openSync(this.path, "a+");
    if (goesOn) return;
    ftruncateSync(this.#handle, 0);
    this.size = 0;
    this.meta = { request: this.#request, etag: marks.etag, lastModified: marks.lastModified, total };
    writeFileAtomic(this.#metaPath, JSON.stringify(this.meta));
  }

  write(chunk: Uint8Array): void {
    for (let done = 0; done < chunk.length;) done += writeSync(this.#handle!, chunk, done);
    this.size += chunk.length;
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
    this.#handle = undefined;
  }

  discard(): void {
    this.close();
    rmSync(this.path, { force: true });
    rmSync(this.#metaPath, { force: true });
    this.size = 0;
    this.meta = undefined;
  }
}
