import { DOC_ENDINGS } from "../find-files.ts";
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
export type ReadingAhead = AheadOf & { readonly paths: FoundPaths };

/** What another thread reads while this one is at the property files; undefined: it came to nothing, and whoever reads the files himself is told why. */
export type FilesAhead = AheadOf & {
  /** Before the first was looked at; in milliseconds since 1970. */
  readonly lookedAt: number;
  /** All files of the project, of which the other thread begins to read when they are asked for first. */
  readonly paths: () => FoundPaths;
  /** SQL and doc blocks. */
  readonly texts: Promise<Gathered[] | undefined>;
  /**
   * Of all files, where they are kept, as `packStamps` has them; null: they are not. Taken after the files were read: what was changed meanwhile was
   * touched after `lookedAt`, and is not trusted.
   */
  readonly stamps: Promise<Float64Array<ArrayBuffer> | null | undefined>;
  /** Of the texts, when they are not needed any more. */
  readonly giveBack: (memory: ArrayBuffer[]) => void;
};

export const textsAhead = ({ root, paths, isKept }: ReadingAhead): Gathered[] =>
  gather(
    root,
    [...paths.values()]
      .flat()
      .filter((path) => [".sql", ...DOC_ENDINGS].some((ending) => path.endsWith(ending))),
    isKept,
  );

export const stampsAhead = ({ root, paths, isKept }: ReadingAhead): Float64Array<ArrayBuffer> | null =>
  isKept ? packStamps(stampsOf(root, paths)) : null;
