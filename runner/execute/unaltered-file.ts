import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { OperationError } from "../base/errors.ts";
import { diskError } from "../base/files.ts";
import { stampIn } from "../project/stamps.ts";

/** A file as it was hashed: sha256 of its bytes, and what tells that it has not been written to since. */
type Hashed = { readonly checksum: string; readonly stamp: string };

/** So often is a file loaded that is written to meanwhile. */
const TRIES = 5;

/** Of the time of the last change, which is nobody's to set, and of the file's number. */
const stampOf = (path: string): string => stampIn(statSync(path)).join(" ");

/**
 * Has a file loaded, which takes several looks at it, together with its hash; again where it was written to meanwhile. `load` must leave nothing behind when
 * {@link checkUnaltered} throws.
 */
export async function loadUnaltered<T>(path: string, load: (hashed: Hashed) => Promise<T>): Promise<T> {
  for (let left = TRIES - 1; ; left--) {
    try {
      return await load(await hashed(path));
    } catch (error) {
      if (left === 0 || !(error instanceof OperationError && error.code === ALTERED)) throw error;
    }
  }
}

const ALTERED = "SEED_ALTERED";

/** Throws an OperationError where the file is not any more what it was. */
export function checkUnaltered(path: string, stamp: string | undefined): void {
  if (stamp === undefined || stampOf(path) === stamp) return;
  throw new OperationError(ALTERED, `${basename(path)} was written to while it was being loaded`, {
    hint: "build it again when whatever writes it has ended",
    retryable: true,
  });
}

async function hashed(path: string): Promise<Hashed> {
  try {
    const stamp = stampOf(path);
    const hash = createHash("sha256");
    await pipeline(createReadStream(path), hash);
    return { checksum: hash.digest("hex"), stamp };
  } catch (error) {
    throw diskError(`cannot read ${path}`, error);
  }
}
