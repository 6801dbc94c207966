import { statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { UsageError } from "../../runner/base/errors.ts";
import { posixRelative, walkFiles } from "../../runner/base/files.ts";
import { printable } from "../../runner/base/text.ts";

/** A document to be read: standard input, or a file. `name` is how messages and rows call it. */
export type Input =
  | { readonly kind: "stdin"; readonly name: "stdin" }
  | { readonly kind: "file"; readonly name: string; readonly path: string };

const isDocument = (name: string): boolean => /\.json(?:\.gz)?$/i.test(name);

/**
 * What the words of a command line mean: `-`, a file, or every `*.json` and `*.json.gz` below a folder. Files are named relative
 * to `root` where they lie below it, so that a landing does not tell on which machine it was made.
 */
export async function collectInputs(words: readonly string[], cwd: string, root: string): Promise<Input[]> {
  const inputs: Input[] = [];
  for (const word of words) {
    if (word === "-") {
      inputs.push({ kind: "stdin", name: "stdin" });
      continue;
    }
    const path = resolve(cwd, word);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) {
      throw new UsageError("FILE_MISSING", `there is no file or folder "${printable(word)}"`);
    }
    const paths = found.isDirectory() ? walkFiles(path, isDocument) : [path];
    if (paths.length === 0) {
      throw new UsageError("FOLDER_EMPTY", `no *.json or *.json.gz below "${printable(word)}"`);
    }
    inputs.push(...paths.map((file): Input => ({ kind: "file", path: file, name: nameOf(root, file) })));
  }
  const seen = new Set<string>();
  return inputs.filter(({ name }) => !seen.has(name) && seen.add(name));
}

function nameOf(root: string, path: string): string {
  return relative(root, path).startsWith("..") ? path : posixRelative(root, path);
}
