import { isObject } from "../base/json.ts";
import type { Problem } from "../base/problems.ts";
import type { Path, YamlFile } from "./yaml.ts";

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** Of a text that was expanded: whether a variable in it is not set, which is told where it was. */
export const holdsUnset = (text: unknown): boolean => typeof text === "string" && text.search(REFERENCE) >= 0;

/**
 * Replaces `${NAME}` and `${NAME:-default}` in the texts of a value that is parsed already, so that what a variable holds
 * can never reshape the file. A variable that is not set and has no default is a problem at its place.
 */
export function expandEnv(
  value: unknown,
  env: Readonly<Record<string, string | undefined>>,
  yaml: YamlFile,
  path: Path = [],
): { value: unknown; problems: Problem[] } {
  const problems: Problem[] = [];
  const expand = (inner: unknown, at: Path): unknown => {
    if (typeof inner === "string") {
      return inner.replaceAll(REFERENCE, (_, name: string, fallback: string | undefined) => {
        const found = env[name] ?? fallback;
        if (found !== undefined) return found;
        const { file, line, column } = yaml.placeOf(at);
        problems.push({
          file,
          line,
          column,
          code: "ENV_MISSING",
          message: `the environment variable "${name}" is not set`,
          hint: `set it, or give a default: \${${name}:-value}`,
        });
        return `\${${name}}`;
      });
    }
    if (Array.isArray(inner)) return inner.map((item, i) => expand(item, [...at, i]));
    if (isObject(inner))
      return Object.fromEntries(
        Object.entries(inner).map(([key, item]) => [key, expand(item, [...at, key])]),
      );
    return inner;
  };
  return { value: expand(value, path), problems };
}
