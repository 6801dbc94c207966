import type { GlobalFunction, Globals } from "./types.ts";
import type { Value } from "./values.ts";

/** Names over those of `outer`: a template has a few of its own, and many that are the same for all. */
export const withGlobals = (
  outer: Globals,
  own: Readonly<Record<string, Value | GlobalFunction>>,
): Globals => ({ get: (name) => (Object.hasOwn(own, name) ? own[name] : outer.get(name)) });
