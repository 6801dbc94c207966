import { setFlagsFromString } from "node:v8";

/** Nodes whose V8 is known to have the flag; others would complain of it. */
const KNOWN = /^2[0-4]\./;

const FLAG = "--max-inlined-bytecode-size-cumulative";
const isKnown = ({ versions } = process): boolean =>
  KNOWN.test(versions.node) && !("bun" in versions) && !("deno" in versions);

/**
 * Has V8 put less of other functions into those that it optimizes (150 bytes of bytecode instead of 920): a command that makes a graph runs for a second
 * or two, in which the thread that optimizes is at work for half of it, and is done sooner with smaller functions. To be called when the modules are loaded: Node
 * keeps the compiled form of its own, which V8 takes only with the flags that it was made with (10 ms).
 */
export function inlineLess(): void {
  if (isKnown()) setFlagsFromString(`${FLAG}=150`);
}

/** V8's own value again: what it has compiled is of use to those alone who have the same flags. */
export function inlineAsUsual(): void {
  if (isKnown()) setFlagsFromString(`${FLAG}=920`);
}
