import type { Listed } from "./listed.ts";
import { hasWildcard, wildcard } from "./wildcards.ts";

/**
 * dbt's default method. A node is meant by its own name, or by the beginning of its fully qualified name with or
 * without the package; from the first part that holds a wildcard, the rest is matched as one text.
 */
export function byFqn(value: string): (node: Listed) => boolean {
  const wanted = value.split(".");
  const wild = wanted.findIndex(hasWildcard);
  const plain = wild === -1 ? wanted : wanted.slice(0, wild);
  const rest = wild === -1 ? null : wildcard(wanted.slice(wild).join("."));

  const startsAt = (flat: readonly string[], from: number): boolean => {
    if (flat.length - from < wanted.length) return false;
    if (!plain.every((part, i) => flat[from + i] === part)) return false;
    return rest === null || rest(flat.slice(from + plain.length).join("."));
  };
  return ({ head: { fqn, version } }) => {
    if (version !== null) {
      // `orders`: each version of it; `orders.v2`, `orders_v2`: that one.
      if (fqn.at(-2) === value || fqn.slice(-2).join("_") === wanted.slice(-2).join("_")) return true;
    } else if (fqn.at(-1) === value) return true;
    const flat = fqn.some((part) => part.includes(".")) ? fqn.flatMap((part) => part.split(".")) : fqn;
    // the package is one part of `fqn`, but a dot in it would make it several of `flat`
    const packageParts = fqn[0] === flat[0] ? 1 : (fqn[0]?.split(".").length ?? 1);
    return startsAt(flat, 0) || startsAt(flat, packageParts);
  };
}
