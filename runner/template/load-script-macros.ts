import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { messageOf } from "../base/errors.ts";
import { md5 } from "../base/hash.ts";
import { importOutside } from "../base/import-outside.ts";
import type { Problem } from "../base/problems.ts";
import { printable } from "../base/text.ts";
import { importSavedAgain } from "./saved-imports-hook.ts";
import { stripTypesOnImport } from "./strip-types-hook.ts";
import type { ScriptMacro } from "./types.ts";

type Loaded = { readonly macros: ScriptMacro[]; readonly problems: Problem[] };

/**
 * Imports `macros/*.ts`, `.mjs` and `.js`; `path` is absolute, `file` is how messages name it. Every exported function is a macro; a file may
 * import others by their whole name (`./keys.ts`). The only part of this folder that touches the disk.
 */
export async function loadScriptMacros(
  files: readonly { readonly path: string; readonly file: string }[],
  packageName: string | null = null,
): Promise<Loaded> {
  if (files.length === 0) return { macros: [], problems: [] };
  try {
    await stripTypesOnImport();
  } catch {
    const message = "this version of Node cannot read TypeScript";
    const hint = "install the package amaro, or use Node 22.18 or newer";
    return { macros: [], problems: [{ ...placeOf(files[0]!.file), code: "MACRO_IMPORT", message, hint }] };
  }
  const loaded = await Promise.all(files.map(async ({ path, file }) => loadOne(path, file, packageName)));
  return {
    macros: loaded.flatMap(({ macros }) => macros),
    problems: loaded.flatMap(({ problems }) => problems),
  };
}

async function loadOne(path: string, file: string, packageName: string | null): Promise<Loaded> {
  let exported: Record<string, unknown>;
  const text = textOf(path);
  try {
    exported = (await importOutside(await addressOf(path, text))) as Record<string, unknown>;
  } catch (error) {
    return { macros: [], problems: [importProblem(file, error)] };
  }
  const problems: Problem[] = [];
  const macros: ScriptMacro[] = [];
  for (const [name, value] of Object.entries(exported)) {
    if (typeof value !== "function") continue;
    if (name === "default") {
      const message = "a macro is exported by its name, not as default";
      problems.push({
        ...placeOf(file),
        code: "MACRO_IMPORT",
        message,
        hint: "write export function name(…) {…}",
      });
      continue;
    }
    const call = value as ScriptMacro["call"];
    macros.push({ kind: "script", name, package: packageName, file, text, required: call.length, call });
  }
  return { macros, problems };
}

const imported = new Map<string, string>();

/** A module is imported once a process: one that was saved again, or imports what was, needs an address of its own. */
async function addressOf(path: string, text: string): Promise<string> {
  const { href } = pathToFileURL(path);
  const first = imported.get(href);
  if (first === undefined) imported.set(href, text);
  if (first === undefined || first === text) return href;
  await importSavedAgain();
  return `${href}?saved=${md5(text)}`;
}

const IMPORT = /\bfrom\s*(["'])(\.{1,2}\/[^"']+)\1/g;

/** A script's text and those of what it imports by relative paths: what its functions do depends on all of them. */
function textOf(path: string, seen = new Set<string>()): string {
  if (seen.has(path)) return "";
  seen.add(path);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return ""; // imported from somewhere that is no file: the import itself went well
  }
  const others = Array.from(text.matchAll(IMPORT), (found) =>
    textOf(resolve(dirname(path), found[2]!), seen),
  );
  return [text, ...others].join("");
}

function importProblem(file: string, error: unknown): Problem {
  const told = messageOf(error);
  const first = told.split("\n").find((line) => line.trim() !== "") ?? "";
  const message = `the file cannot be imported: ${printable(first.trim().replace(/^x /, ""))}`;
  const hint = /(?:^|\/)node_modules\/.*\.ts$/.test(file)
    ? "an npm package brings its script macros as .mjs: types are not removed in node_modules"
    : told.includes("Cannot find module")
      ? "imports name the whole file: ./other.ts"
      : told.includes("strip-only mode")
        ? "types are removed and nothing else: no enums, no namespaces, no parameter properties"
        : undefined;
  return { ...placeOf(file), code: "MACRO_IMPORT", message, ...(hint && { hint }) };
}

const placeOf = (file: string): { file: string; line: number; column: number } => ({
  file,
  line: 1,
  column: 1,
});
