import * as nodeModule from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

/** What of Node's module is younger than the oldest version that this runs on; other runtimes may not have it at all. */
type Newer = { readonly enableCompileCache?: (folder: string) => unknown };

/**
 * Has Node keep the compiled form of the commands' code from one command to the next (22.1 and newer), in a folder that only this user writes:
 * what stands there is run. A folder that cannot be written is no reason to stop, and NODE_DISABLE_COMPILE_CACHE is heeded by Node
 * itself. To be called before what is to be kept is imported. https://nodejs.org/api/module.html#module-compile-cache
 */
export function keepCompiledCode(): void {
  try {
    (nodeModule as Newer).enableCompileCache?.(join(cacheFolder(), "statloom"));
  } catch {
    // Nobody knows where this user's home is.
  }
}

/** Where programs keep for a user what can be made again: https://specifications.freedesktop.org/basedir/latest/ and its like elsewhere. */
export function cacheFolder(): string {
  const { env } = process;
  if (env["XDG_CACHE_HOME"]) return env["XDG_CACHE_HOME"];
  if (process.platform === "win32") return env["LOCALAPPDATA"] || join(homedir(), "AppData", "Local");
  return join(homedir(), process.platform === "darwin" ? "Library/Caches" : ".cache");
}
