import type { Problem } from "../base/problems.ts";
import type { ColumnEntry, TestEntry } from "./property-schema.ts";
import { readTests } from "./read-tests.ts";
import type { ColumnProperties, TestProperties } from "./types.ts";
import type { Path, YamlFile } from "./yaml.ts";

/** `tests:` and `data_tests:` are the same thing; both are read. */
export function testsOf(
  entry: { tests: readonly TestEntry[]; data_tests: readonly TestEntry[] },
  yaml: YamlFile,
  at: Path,
  problems: Problem[],
): readonly TestProperties[] {
  const under = (key: "tests" | "data_tests"): readonly TestProperties[] => {
    const read = readTests(entry[key], yaml, [...at, key]);
    problems.push(...read.problems);
    return read.tests;
  };
  const [tests, dataTests] = [under("tests"), under("data_tests")];
  return tests.length === 0 ? dataTests : [...tests, ...dataTests];
}

/** Shared by all columns of which nothing is said. */
const noMeta = {};
const noTags: readonly string[] = [];
const noConstraints: ColumnProperties["constraints"] = [];

export const readConstraint = ({
  type,
  expression,
  name,
  to,
  to_columns: toColumns,
}: ColumnEntry["constraints"][number]): ColumnProperties["constraints"][number] => ({
  type,
  expression: expression ?? null,
  name: name ?? null,
  to: to?.replaceAll(/^\{\{\s*|\s*\}\}$/g, "") ?? null,
  toColumns: toColumns ?? [],
});

export function readColumns(
  entries: readonly ColumnEntry[],
  yaml: YamlFile,
  at: Path,
  problems: Problem[],
): ColumnProperties[] {
  const seen = new Set<string>();
  return entries.map((entry, i) => readColumn(entry, yaml, [...at, i], seen, problems));
}

/** `seen`: the columns that are described before it, which it joins. */
export function readColumn(
  entry: ColumnEntry,
  yaml: YamlFile,
  at: Path,
  seen: Set<string>,
  problems: Problem[],
): ColumnProperties {
  const place = yaml.placeOf([...at, "name"]);
  if (seen.has(entry.name)) {
    const { file, line, column } = place;
    const message = `column "${entry.name}" is described twice`;
    problems.push({ file, line, column, code: "COLUMN_DUPLICATE", message });
  }
  seen.add(entry.name);
  return {
    name: entry.name,
    description: entry.description,
    dataType: entry.data_type ?? null,
    meta: Object.keys(entry.meta).length === 0 ? noMeta : entry.meta,
    tags: entry.tags.length === 0 ? noTags : entry.tags,
    quote: entry.quote,
    constraints: entry.constraints.length === 0 ? noConstraints : entry.constraints.map(readConstraint),
    tests: testsOf(entry, yaml, at, problems),
    place,
  };
}
