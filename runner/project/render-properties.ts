import { isObject } from "../base/json.ts";
import type { Problem } from "../base/problems.ts";
import { CONFIG_KEYS } from "./read-tests.ts";
import { LATER, holdsTemplate, renderConfig } from "./render-values.ts";
import type { RenderText } from "./render-values.ts";
import type { Path, YamlFile } from "./yaml.ts";

type Entry = Readonly<Record<string, unknown>>;
type Change = (entry: Entry, at: Path) => Entry;

/** What may hang on the target, a variable or the environment: configurations, those of versions and tests too, and where sources are. Descriptions and arguments of tests are rendered by those who know what they may say. */
export function renderProperties(yaml: YamlFile, render: RenderText, problems: Problem[]): unknown {
  const { value } = yaml;
  if (!isObject(value)) return value;
  const made = (inner: unknown, at: Path): unknown => renderConfig(inner, at, yaml, render, problems);
  /** An entry with some of its values rendered, and some of its lists changed. */
  const within = (
    entry: Entry,
    at: Path,
    keys: readonly string[],
    lists: Readonly<Record<string, Change>> = {},
  ): Entry => {
    const changed: Record<string, unknown> = { ...entry };
    for (const key of keys) if (Object.hasOwn(entry, key)) changed[key] = made(entry[key], [...at, key]);
    for (const [key, change] of Object.entries(lists))
      if (Object.hasOwn(entry, key)) changed[key] = each(entry[key], [...at, key], change);
    return changed;
  };
  const each = (list: unknown, at: Path, change: Change): unknown =>
    Array.isArray(list) && holdsTemplate(list)
      ? list.map((entry: unknown, i) => (isObject(entry) ? change(entry, [...at, i]) : entry))
      : list;
  /** Configuration stands under `config` or beside the arguments. */
  const settings: Change = (body, at) =>
    within(
      body,
      at,
      Object.keys(body).filter((key) => key === "config" || (CONFIG_KEYS.has(key) && !LATER.test(key))),
    );
  const test: Change = (entry, at) => {
    if (typeof entry["test_name"] === "string") return settings(entry, at);
    return Object.fromEntries(
      Object.entries(entry).map(([key, body]) => [key, isObject(body) ? settings(body, [...at, key]) : body]),
    );
  };
  const tests = { tests: test, data_tests: test };
  const tested = { ...tests, columns: (column: Entry, at: Path) => within(column, at, [], tests) };
  const node: Change = (entry, at) => within(entry, at, ["config"], tested);
  const table: Change = (entry, at) => within(entry, at, ["config", "identifier"], tested);
  return within(value, [], [], {
    models: (entry, at) => within(entry, at, ["config"], { ...tested, versions: node }),
    seeds: node,
    snapshots: node,
    sources: (entry, at) => within(entry, at, ["config", "database", "schema"], { tables: table }),
    data_tests: (entry, at) => within(entry, at, ["config"]),
  });
}
