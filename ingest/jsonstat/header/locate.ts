import { ByteReader } from "../bytes/byte-reader.ts";
import { DocumentError } from "../document-error.ts";
import type { DocumentProblem } from "../document-error.ts";
import { pathKey, readOutline } from "./outline.ts";
import { lineAndColumn } from "../bytes/source-file.ts";
import type { SourceFile } from "../bytes/source-file.ts";

/** A problem of meaning: what is wrong at a path of members. */
export type PathProblem = {
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[];
  readonly hint?: string;
};

/**
 * Finds the lines of paths by walking the document once more; only ever done to refuse it. A path that is not
 * there (a missing member) is placed at its nearest parent.
 */
export function refusePaths(file: SourceFile, start: number, problems: readonly PathProblem[]): never {
  const wanted = new Set<string>();
  for (const { path } of problems)
    for (let n = 0; n <= path.length; n++) wanted.add(pathKey(path.slice(0, n)));
  const offsets = new Map<string, number>([[pathKey([]), start]]);
  readOutline(new ByteReader(file, start), {
    fast: false,
    visit: (path, offset) => {
      const key = pathKey(path);
      if (wanted.has(key)) offsets.set(key, offset);
    },
  });
  const placed = problems.map(({ path, ...problem }): DocumentProblem => {
    let known = path.length;
    while (!offsets.has(pathKey(path.slice(0, known)))) known--;
    return { ...problem, ...lineAndColumn(file, offsets.get(pathKey(path.slice(0, known)))!) };
  });
  placed.sort((a, b) => a.line! - b.line! || a.column! - b.column!);
  throw new DocumentError(file.path, placed);
}
