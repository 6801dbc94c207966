import type { Problem } from "../base/problems.ts";
import type { ColumnEntry, TestEntry } from "./property-schema.ts";
import { readTests } from "./read-tests.ts";
import type { ColumnProperties, TestProperties } from "./types.ts";
import type { Path, YamlFile } from "./yaml.ts";

const noTests: readonly TestProperties[] = [];

/** `tests:` and `data_tests:` are the same thing; both are read. `at`: where the entry stands, or its list, where it is the `index`th. */
export function testsOf(
  entry: { readonly tests: readonly TestEntry[]; readonly data_tests: readonly TestEntry[] },
  yaml: YamlFile,
  at: Path,
  problems: Problem[],
  index?: number,
): readonly TestProperties[] {
  if (entry.tests.length === 0 && entry.data_tests.length === 0) return noTests;
  const tests: TestProperties[] = [];
  const where = { yaml, at, index };
  readTests(entry.tests, "tests", where, tests, problems);
  readTests(entry.data_tests, "data_tests", where, tests, problems);
  // What was pushed to has room for 17, and this is kept.
  return tests.slice();
}

/** Shared by all columns that have none. */
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
): readonly ColumnProperties[] {
  if (entries.length === 0) return noColumns;
  const seen = new Set<string>();
  const columns: ColumnProperties[] = [];
  for (let i = 0; i < entries.length; i++) columns.push(readColumn(entries[i]!, yaml, at, i, seen, problems));
  return columns;
}
const noColumns: readonly ColumnProperties[] = [];

/** The `i`th of the list at `at`. `seen`: the columns that are described before it, which it joins. */
export function readColumn(
  entry: ColumnEntry,
  yaml: YamlFile,
  at: Path,
  i: number,
  seen: Set<string>,
  problems: Problem[],
): ColumnProperties {
  const place = yaml.placeOf(at, i, "name");
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
    meta: entry.meta,
    tags: entry.tags,
    quote: entry.quote,
    constraints: entry.constraints.length === 0 ? noConstraints : entry.constraints.map(readConstraint),
    tests: testsOf(entry, yaml, at, problems, i),
    place,
  };
}
