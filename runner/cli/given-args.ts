import type { JsonObject } from "../base/json.ts";

/** The options as given, for artifacts: only what a person could have typed. */
export function givenArgs(args: object): JsonObject {
  const entries = Object.entries(args as Record<string, unknown>).filter(
    ([key, value]) =>
      value !== undefined && key !== "_" && key !== "$0" && !/[A-Z]/.test(key) && key.length > 1,
  );
  return Object.fromEntries(entries.map(([key, value]) => [key.replaceAll("-", "_"), value])) as JsonObject;
}
