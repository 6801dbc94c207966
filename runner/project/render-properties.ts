import { isObject } from "../base/json.ts";
import type { Problem } from "../base/problems.ts";
import { renderConfig } from "./render-values.ts";
import type { RenderText } from "./render-values.ts";
import type { Path, YamlFile } from "./yaml.ts";

type Entry = Readonly<Record<string, unknown>>;

/** What may hang on the target, a variable or the environment: configurations, and where sources are. Descriptions and arguments of tests are rendered by those who know what they may say. */
export function renderProperties(yaml: YamlFile, render: RenderText, problems: Problem[]): unknown {
  const { value } = yaml;
  if (!isObject(value)) return value;
  const made = (inner: unknown, at: Path): unknown => renderConfig(inner, at, yaml, render, problems);
  const withKeys = (entry: Entry, at: Path, keys: readonly string[]): Entry => {
    const own = keys.filter((key) => Object.hasOwn(entry, key));
    return { ...entry, ...Object.fromEntries(own.map((key) => [key, made(entry[key], [...at, key])])) };
  };
  const each = (list: unknown, at: Path, change: (entry: Entry, at: Path) => Entry): unknown =>
    Array.isArray(list)
      ? list.map((entry: unknown, i) => (isObject(entry) ? change(entry, [...at, i]) : entry))
      : list;
  const kinds: Record<string, (entry: Entry, at: Path) => Entry> = {
    models: (entry, at) => withKeys(entry, at, ["config"]),
    seeds: (entry, at) => withKeys(entry, at, ["config"]),
    snapshots: (entry, at) => withKeys(entry, at, ["config"]),
    sources: (entry, at) => ({
      ...withKeys(entry, at, ["config", "database", "schema"]),
      ...(Object.hasOwn(entry, "tables") && {
        tables: each(entry["tables"], [...at, "tables"], (table, inner) =>
          withKeys(table, inner, ["config", "identifier"]),
        ),
      }),
    }),
  };
  return Object.fromEntries(
    Object.entries(value).map(([key, list]) => {
      const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
      return [key, kind === undefined ? list : each(list, [key], kind)];
    }),
  );
}
