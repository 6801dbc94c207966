import type { Problem } from "../base/problems.ts";
import type { ColumnEntry, TestEntry } from "./property-schema.ts";
import { readTests } from "./read-tests.ts";
import type { ColumnProperties, TestProperties } from "./types.ts";
import type { Path, YamlFile } from "./yaml.ts";

/** `tests:` and `data_tests:` are the same thing; both are read. `at`: where the entry stands, or its list, where it is the `index`th. */
export function testsOf(
  entry: { readonly tests: readonly TestEntry[]; readonly data_tests: readonly TestEntry[] },
  yaml: YamlFile,
  at: Path,
  problems: Problem[],
  index?: number,
): readonly TestProperties[] {
  const where = { yaml, at, index };
  const tests = readTests(entry.tests, "tests", where, problems);
  const dataTests = readTests(entry.data_tests, "data_tests", where, problems);
  return tests.length === 0 ? dataTests : dataTests.length === 0 ? tests : [...tests, ...dataTests];
}

/** Shared by all columns that have none. */
const noConstraints: ColumnProperties["constraints"] = [];

export const readConstraint = ({
  type,
  expression,
  name,
  to,
  to_columns: toColumns,
  warn_unenforced: warnUnenforced,
  warn_unsupported: warnUnsupported,
}: ColumnEntry["constraints"][number]): ColumnProperties["constraints"][number] => ({
  type,
  expression: expression ?? null,
  name: name ?? null,
  to: to?.replaceAll(/^\{\{\s*|\s*\}\}$/g, "") ?? null,
  toColumns: toColumns ?? [],
  warnUnenforced: warnUnenforced ?? true,
  warnUnsupported: warnUnsupported ?? true,
});

export function readColumns(
  entries: readonly ColumnEntry[],
  yaml: YamlFile,
  at: Path,
  problems: Problem[],
): readonly ColumnProperties[] {
  if (entries.length === 0) return noColumns;
  const seen = new Set<string>();
  return entries.map((entry, i) => readColumn(entry, yaml, at, i, seen, problems));
}
const noColumns: readonly ColumnProperties[] = [];

type Described = Pick<ColumnProperties, "meta" | "tags">;

/** What is said beside `config` and in it; of most nothing is said there. */
export const described = ({
  meta,
  tags,
  config,
}: Described & { readonly config?: Described | undefined }): Described =>
  config === undefined
    ? { meta, tags }
    : { meta: { ...meta, ...config.meta }, tags: [...new Set([...tags, ...config.tags])] };

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
    ...described(entry),
    quote: entry.quote,
    constraints: entry.constraints.length === 0 ? noConstraints : entry.constraints.map(readConstraint),
    tests: testsOf(entry, yaml, at, problems, i),
    place,
  };
}
