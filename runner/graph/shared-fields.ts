import { isObject } from "../base/json.ts";

/** Fields of nodes whose values are one object for many of them: of each kept node, a number stands there. Where else it would be one, none is named here. */
const FIELDS = ["config", "tags", "meta"] as const;
const WITHIN = {
  said: ["config", "call"],
  dependsOn: ["macros"],
  generic: ["arguments", "scan"],
} as const;

/** A copy of a node that may be changed, with what is replaced in it. */
export function withOpenFields(node: object): Record<string, unknown> {
  const copy: Record<string, unknown> = { ...node };
  for (const field in WITHIN) if (isObject(copy[field])) copy[field] = { ...copy[field] };
  return copy;
}

/** Puts something else in the place of each shared value. */
export function replaceShared(node: Record<string, unknown>, replace: (value: unknown) => unknown): void {
  for (const field of FIELDS) if (node[field] !== undefined) node[field] = replace(node[field]);
  for (const field in WITHIN) {
    const inner = node[field];
    if (!isObject(inner)) continue;
    for (const key of WITHIN[field as keyof typeof WITHIN])
      if (inner[key] !== undefined) inner[key] = replace(inner[key]);
  }
}
