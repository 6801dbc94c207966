/**
 * A module that runs in a thread of its own, for one of the sources at `here`: beside it, `<name>.ts`; in `dist/`, where that is part of some chunk,
 * `<name>.js`, or what it ends in there, at its top.
 */
export function threadModule(name: string, here: string, ending = ".js"): URL {
  if (here.endsWith(".ts")) return new URL(`${name}.ts`, here);
  return new URL(`${/\/chunks\/[^/]+$/.test(here) ? "../" : ""}${name}${ending}`, here);
}

/** From so many files on it pays to start a thread for them, which takes 25 ms of the other core. */
export const MANY_FILES = 3000;
