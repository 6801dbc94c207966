import type { Problem } from "../base/problems.ts";
import type { UnitTestEntry } from "./property-schema.ts";
import type { Fixture, UnitTestProperties } from "./types.ts";
import type { YamlFile } from "./yaml.ts";

/** An entry under `unit_tests:`; what the schema cannot say is checked here. */
export function readUnitTest(
  entry: UnitTestEntry,
  yaml: YamlFile,
  at: readonly (string | number)[],
  problems: Problem[],
): UnitTestProperties {
  const { name, overrides } = entry;
  const complain = (path: readonly (string | number)[], message: string, hint: string): void => {
    const { file, line, column } = yaml.placeOf([...at, ...path]);
    problems.push({ file, line, column, code: "UNIT_TEST_INVALID", message, hint });
  };
  if ((entry.model === undefined) === (entry.sql === undefined))
    complain(
      ["name"],
      `unit test "${name}" tests ${entry.model ? "two things" : "nothing"}`,
      "give it a model, or sql of its own",
    );
  if (entry.cte !== undefined && entry.model === undefined)
    complain(["cte"], `"cte" is one of a model`, "give the unit test a model");
  const fixture = (given: UnitTestEntry["expect"], path: readonly (string | number)[]): Fixture => {
    const text = typeof given.rows === "string";
    const format = given.format ?? (text || given.fixture !== undefined ? "csv" : "dict");
    if (given.rows !== undefined && given.fixture !== undefined)
      complain([...path, "fixture"], "rows are given here and in a file", "keep one of the two");
    else if (given.rows !== undefined && text !== (format !== "dict"))
      complain(
        [...path, "rows"],
        `rows of format "${format}" are ${text ? "a list of maps" : "text"}`,
        text ? "leave the format out, or write a list" : "leave the format out, or write the rows as text",
      );
    return { format, rows: given.rows ?? null, fixture: given.fixture ?? null };
  };
  return {
    name,
    model: entry.model ?? null,
    sql: entry.sql ?? null,
    cte: entry.cte ?? null,
    versions: entry.versions
      ? {
          include: entry.versions.include ?? null,
          exclude: entry.versions.exclude ?? null,
          place: yaml.placeOf([...at, "versions"]),
        }
      : null,
    description: entry.description,
    given: entry.given.map((given, i) => ({
      ...fixture(given, ["given", i]),
      input: given.input.replaceAll(/^\{\{\s*|\s*\}\}$/g, ""),
      place: yaml.placeOf([...at, "given", i, "input"]),
    })),
    expect: fixture(entry.expect, ["expect"]),
    overrides: {
      macros: overrides.macros,
      vars: overrides.vars,
      envVars: Object.fromEntries(
        Object.entries(overrides.env_vars).map(([key, value]) => [key, String(value)]),
      ),
      now: overrides.now ?? null,
    },
    config: entry.config,
    place: yaml.placeOf([...at, "name"]),
  };
}
