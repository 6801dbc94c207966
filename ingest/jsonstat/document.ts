import { isObject } from "../../runner/base/json.ts";
import type { Json } from "../../runner/base/json.ts";
import { ByteReader } from "./bytes/byte-reader.ts";
import { classify } from "./header/classify.ts";
import type { Candidate } from "./header/classify.ts";
import { readDimensions } from "./header/dimensions.ts";
import { DocumentError } from "./document-error.ts";
import { SECTION_NAMES, readFrame } from "./header/frame.ts";
import { loadHeaderChecks } from "./header/header-schema.ts";
import { readIdentity } from "./header/identity.ts";
import { refusePaths } from "./header/locate.ts";
import type { PathProblem } from "./header/locate.ts";
import { readAhead, readObservations } from "./observations.ts";
import type { ReadAhead } from "./observations.ts";
import { pathKey, readOutline } from "./header/outline.ts";
import type { Outline } from "./header/outline.ts";
import { sniff } from "./bytes/sniff.ts";
import { closeSource, openSource } from "./bytes/source-file.ts";
import type { SourceFile } from "./bytes/source-file.ts";
import type { Cube } from "./types.ts";

/** A JSON-stat document: its datasets, in the order they stand. */
export type Document = { readonly cubes: readonly Cube[] };

export type OpenOptions = {
  /** Bytes read at a time; results do not depend on it. */
  readonly blockSize?: number;
  /** Bytes of a list of values that are a piece of it, where threads may share the work: see `Pieces`. */
  readonly pieceSize?: number;
};

/**
 * Reads a JSON-stat document in any of its forms: a 2.0 dataset or a collection of embedded ones, a 1.x bundle, each bare or as the
 * `result` of JSON-RPC. Only the header is read here; values and statuses are skipped until `observations` is called,
 * which reads the file again at constant memory.
 *
 * @throws {DocumentError} with every reason, when there is no data in it or it cannot be trusted. A dimension alone and a
 * collection of links are such documents. What is wrong within a list of values shows when they are read.
 */
export async function openDocument(path: string, options: OpenOptions = {}): Promise<Document> {
  const checks = await loadHeaderChecks();
  const file = openSource(path);
  try {
    const start = sniff(file);
    const outline = readWhole(file, start, options.blockSize);
    const found = classify(outline.header);
    if ("code" in found) return refusePaths(file, start, [{ ...found, path: [] }]);
    const problems: PathProblem[] = [];
    const cubes = found.map((candidate) =>
      readCube(candidate, { file, start, outline, options, checks, problems }),
    );
    if (problems.length > 0) refusePaths(file, start, problems);
    checkUnused(file, outline, found);
    return { cubes: cubes.filter((cube) => cube !== undefined) };
  } finally {
    closeSource(file);
  }
}

/** Fast first; what is then not JSON is read again with care, which either succeeds or says what is wrong. */
function readWhole(file: SourceFile, start: number, blockSize?: number): Outline {
  try {
    return readOutline(new ByteReader(file, start, file.size, blockSize), { fast: true });
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return readOutline(new ByteReader(file, start, file.size, blockSize), { fast: false });
  }
}

/** Lists outside of all datasets are never read as values; that they are JSON is seen here. */
function checkUnused(file: SourceFile, outline: Outline, found: readonly Candidate[]): void {
  const used = new Set(
    found.flatMap(({ path }) => SECTION_NAMES.map((names) => pathKey([...path, ...names]))),
  );
  for (const [key, { start, end }] of outline.sections) {
    if (!used.has(key)) readOutline(new ByteReader(file, start, end), { fast: false, whole: true });
  }
}

type Context = {
  readonly file: SourceFile;
  readonly start: number;
  readonly outline: Outline;
  readonly options: OpenOptions;
  readonly checks: Awaited<ReturnType<typeof loadHeaderChecks>>;
  readonly problems: PathProblem[];
};

/** Adds to `problems` and returns undefined where the dataset cannot be trusted. */
function readCube(candidate: Candidate, context: Context): Cube | undefined {
  const { file, outline, options, problems } = context;
  const before = problems.length;
  problems.push(...checkShape(candidate, context.checks));
  if (problems.length > before) return undefined;
  const frame = readFrame(candidate, outline, problems);
  if (frame === undefined) return undefined;
  const dimensions = readDimensions(candidate, frame, () => outline.text, problems);
  if (problems.length > before) return undefined;
  const { value: _value, status: _status, ...header } = candidate.header;
  const reading = { file, frame, dimensions, ...options };
  let ahead: ReadAhead | undefined;
  return {
    ...readIdentity(candidate),
    dimensions: dimensions.list,
    cells: frame.cells,
    header: header as Json,
    prepare: () => void (ahead = readAhead(reading)),
    observations(reject) {
      const used = ahead;
      ahead = undefined;
      return readObservations(reading, reject, used);
    },
  };
}

/** The dataset as zod sees it: with the members that 1.x keeps under `dimension` where 2.0 has them. */
function checkShape(candidate: Candidate, checks: Context["checks"]): readonly PathProblem[] {
  const { header, path } = candidate;
  const dimension = isObject(header["dimension"]) ? header["dimension"] : {};
  const frame = { id: header["id"] ?? dimension["id"], size: header["size"] ?? dimension["size"] };
  const problems = checks.dataset({ ...header, ...frame }, path);
  const ids = Array.isArray(frame.id) ? frame.id : [];
  return [
    ...problems,
    ...ids.flatMap((id: unknown) => {
      const one = typeof id === "string" && Object.hasOwn(dimension, id) ? dimension[id] : undefined;
      const isHere = isObject(one) && !(one["category"] === undefined && typeof one["href"] === "string");
      return isHere ? checks.dimension(one, [...path, "dimension", String(id)]) : [];
    }),
  ];
}
