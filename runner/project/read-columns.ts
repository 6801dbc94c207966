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
): TestProperties[] {
  return (["tests", "data_tests"] as const).flatMap((key) => {
    const read = readTests(entry[key], yaml, [...at, key]);
    problems.push(...read.problems);
    return read.tests;
  });
}

export function readColumns(
  entries: readonly ColumnEntry[],
  yaml: YamlFile,
  at: Path,
  problems: Problem[],
): ColumnProperties[] {
  const seen = new Set<string>();
  return entries.map((entry, i) => {
    const place = yaml.placeOf([...at, i, "name"]);
    if (seen.has(entry.name)) {
      const { file, line, column } = place;
      problems.push({
        file,
        line,
        column,
        code: "COLUMN_DUPLICATE",
        message: `column "${entry.name}" is described twice`,
      });
    }
    seen.add(entry.name);
    return {
      name: entry.name,
      description: entry.description,
      dataType: entry.data_type ?? null,
      meta: entry.meta,
      tags: entry.tags,
      quote: entry.quote,
      tests: testsOf(entry, yaml, [...at, i], problems),
      place,
    };
  });
}
