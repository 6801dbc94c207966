import { statSync, writeFileSync } from "node:fs";
import { diskError, writeFileAtomic } from "./files.ts";

/** Writes a file where the user said: whole, or into what is no file (`/dev/stdout`, `/dev/null`, a pipe), which must not be replaced. */
export function writeNamedFile(path: string, text: string): void {
  if (!isDevice(path)) return writeFileAtomic(path, text);
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw diskError(`cannot write ${path}`, error);
  }
}

/** Whether something is there that holds no text that could be read back. */
export function isDevice(path: string): boolean {
  try {
    const found = statSync(path);
    return !found.isFile() && !found.isDirectory();
  } catch {
    // Nothing is there, or nothing can be: whoever writes is told.
    return false;
  }
}
