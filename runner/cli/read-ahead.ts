import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { DiskThread } from "../artifacts/beside/disk-thread.ts";
import { buildId } from "../base/build-id.ts";
import type { Effects } from "../base/effects.ts";
import { resolveInside } from "../base/files.ts";
import { MANY_FILES } from "../base/thread-module.ts";
import { findProject } from "../project/find-project.ts";
import { FOLDERS } from "../project/find-files.ts";
import { HEADER } from "../api/parse-cache/store.ts";
import type { GlobalArgs } from "./options.ts";

/**
 * Has another thread read a large project of which nothing is kept, while this one loads what the command needs. undefined: it is small or known,
 * or the command will say what is wrong with it.
 */
export function readAhead(
  args: GlobalArgs,
  { cwd, now }: Effects,
  many = MANY_FILES,
): DiskThread | undefined {
  const root = rootOf(cwd, args["project-dir"]);
  const target = root && resolveInside(root, args["target-path"] ?? "target");
  if (root === undefined || target === undefined || availableParallelism() < 2) return undefined;
  const isKept = args["partial-parse"] !== false && buildId() !== undefined;
  if (isKept && existsSync(join(target, "parsed", HEADER))) return undefined;
  if (!isMany(join(root, FOLDERS.models), many)) return undefined;
  return new DiskThread({ root, isKept }, now().getTime());
}

function rootOf(cwd: string, named: string | undefined): string | undefined {
  try {
    return findProject(cwd, named);
  } catch {
    return undefined;
  }
}

/** Whether there are so many files and folders below a folder, of which no more are counted. */
function isMany(folder: string, many: number): boolean {
  let found = 0;
  for (const folders = [folder]; found < many && folders.length > 0;) {
    const path = folders.pop()!;
    try {
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        found++;
        if (entry.isDirectory()) folders.push(join(path, entry.name));
      }
    } catch {
      // told by whoever reads it
    }
  }
  return found >= many;
}
