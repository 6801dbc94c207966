import { isObject } from "../base/json.ts";
import type { Path, YamlText } from "./yaml.ts";

/** Where versions are told; `version: 2` at the beginning of a file is none of them. */
const TOLD = /versions|latest_version/;
/** A number without a fraction that is written with one, which is read as the number without. */
const FLOAT = /(?:^|[\s:,[])\d+\.0*(?=[\s,}\]]|$)/m;

/**
 * A property file in which `v: 1.0` is the version `1.0`, as in dbt, and not `1`: what YAML says of both is the same number. `text`: of the
 * file, which is looked into again only where it can matter.
 */
export function withWrittenVersions(value: unknown, yaml: YamlText, text: string): unknown {
  if (!TOLD.test(text) || !FLOAT.test(text) || !isObject(value)) return value;
  const written = (version: unknown, path: Path): unknown =>
    typeof version === "number" && /^\d+\.0*$/.test(yaml.writtenAt(path) ?? "") ? `${version}.0` : version;
  const inList = (list: unknown, path: Path, change: (item: unknown, at: Path) => unknown): unknown =>
    Array.isArray(list) ? list.map((item: unknown, i) => change(item, [...path, i])) : list;
  const inKeys = (entry: unknown, path: Path, changes: Changes): unknown => {
    if (!isObject(entry)) return entry;
    const changed = Object.entries(changes).filter(([key]) => Object.hasOwn(entry, key));
    return {
      ...entry,
      ...Object.fromEntries(changed.map(([key, change]) => [key, change(entry[key], [...path, key])])),
    };
  };
  const versions = (list: unknown, path: Path): unknown => inList(list, path, written);
  return inKeys(value, [], {
    models: (models, at) =>
      inList(models, at, (model, inner) =>
        inKeys(model, inner, {
          latest_version: written,
          versions: (list, path) => inList(list, path, (item, of) => inKeys(item, of, { v: written })),
        }),
      ),
    unit_tests: (tests, at) =>
      inList(tests, at, (test, inner) =>
        inKeys(test, inner, {
          versions: (chosen, path) => inKeys(chosen, path, { include: versions, exclude: versions }),
        }),
      ),
  });
}

type Changes = Readonly<Record<string, (value: unknown, path: Path) => unknown>>;
