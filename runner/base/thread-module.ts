/**
 * A module that runs in a thread of its own, for one of the sources at `here`: beside it, `<name>.ts`; in `dist/`, where that is part of some chunk,
 * `<name>.js` at its top.
 */
export function threadModule(name: string, here: string): URL {
  if (here.endsWith(".ts")) return new URL(`${name}.ts`, here);
  return new URL(/\/chunks\/[^/]+$/.test(here) ? `../${name}.js` : `${name}.js`, here);
}
