import { DOC_ENDINGS, PROPERTY_ENDINGS, findPaths } from "../find-files.ts";
import type { FoundPaths } from "../find-files.ts";
import { packStamps, stampsOf } from "../stamps.ts";
import { gather } from "./gathered.ts";
import type { Gathered } from "./gathered.ts";

/** What is to be read of a project in another thread. */
export type AheadOf = {
  readonly root: string;
  /** Whether what is made of the files will be kept, so that they have to be known again. */
  readonly isKept: boolean;
};

/** Property files come first, as it takes longer to make something of them than of the others. */
export type FoundAhead = {
  readonly paths: FoundPaths;
  readonly propertyFiles: Gathered[];
  /** As `packStamps` has them; null: nothing is kept. */
  readonly stamps: Float64Array<ArrayBuffer> | null;
};

/** What another thread has read while this one still loaded its code; undefined: it came to nothing, and whoever reads the files himself is told why. */
export type FilesAhead = AheadOf & {
  /** Before the first was looked at; in milliseconds since 1970. */
  readonly lookedAt: number;
  readonly found: Promise<FoundAhead | undefined>;
  /** SQL and doc blocks. */
  readonly texts: Promise<Gathered[] | undefined>;
  /** Of what was found, or of the texts, when they are not needed any more. */
  readonly giveBack: (memory: ArrayBuffer[]) => void;
};

export type PartAhead = FoundAhead | Gathered[];

/** Finds and reads the texts of a project, in two parts. */
export function* readAhead({ root, isKept }: AheadOf): Generator<PartAhead> {
  const paths = findPaths(root);
  const stamps = isKept ? packStamps(stampsOf(root, paths)) : null;
  const ending = (...endings: readonly string[]): string[] =>
    [...paths.values()].flat().filter((path) => endings.some((one) => path.endsWith(one)));
  yield { paths, stamps, propertyFiles: gather(root, ending(...PROPERTY_ENDINGS), isKept) };
  yield gather(root, ending(".sql", ...DOC_ENDINGS), isKept);
}

/** The memory of a part, to be handed over. */
export const memoryOf = (part: PartAhead): ArrayBuffer[] =>
  "paths" in part
    ? [...memoryOf(part.propertyFiles), ...(part.stamps === null ? [] : [part.stamps.buffer])]
    : part.map(({ bytes }) => bytes.buffer);
