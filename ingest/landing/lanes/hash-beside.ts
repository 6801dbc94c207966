import { statSync } from "node:fs";
import { hashFile } from "../hash-file.ts";
import { giveBack, takeThread } from "./spare-thread.ts";

/** From here on a thread is done before this one would be. */
const LARGE = 1 << 25;

/** SHA-256 of a file while this thread does something else, where it is large; `module` is what will be wanted of the thread next. */
export async function hashBeside(path: string, module: URL): Promise<string> {
  const thread = statSync(path).size < LARGE ? undefined : takeThread(module);
  if (thread === undefined) return hashFile(path);
  try {
    return await thread.hash(path);
  } catch {
    // Whatever is wrong with the thread, the file may be well; if not, this says so.
    return await hashFile(path);
  } finally {
    giveBack(thread);
  }
}
