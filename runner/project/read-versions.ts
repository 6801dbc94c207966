import type { Problem } from "../base/problems.ts";
import type { VersionEntry } from "./property-schema.ts";
import { readColumn, readConstraint, testsOf } from "./read-columns.ts";
import { dynamicOf } from "./render-values.ts";
import type { VersionProperties } from "./types.ts";
import type { Path, YamlFile } from "./yaml.ts";

/** What stands under `versions:` of a model; what the schema cannot say of one is checked here. */
export const readVersions = (
  entries: readonly VersionEntry[],
  yaml: YamlFile,
  at: Path,
  problems: Problem[],
): VersionProperties[] => entries.map((entry, i) => readVersion(entry, yaml, [...at, i], problems));

type Chosen = Extract<VersionEntry["columns"][number], { readonly include: unknown }>;
type Described = Exclude<VersionEntry["columns"][number], Chosen>;
const isChosen = (entry: Chosen | Described): entry is Chosen => "include" in entry;

function readVersion(entry: VersionEntry, yaml: YamlFile, at: Path, problems: Problem[]): VersionProperties {
  const report = (path: Path, message: string, hint: string): void => {
    const { file, line, column } = yaml.placeOf([...at, ...path]);
    problems.push({ file, line, column, code: "VERSION_INVALID", message, hint });
  };
  const choices = entry.columns.flatMap((column, i) => (isChosen(column) ? [[column, i] as const] : []));
  const [chosen] = choices;
  if (choices.length > 1)
    report(
      ["columns", choices[1]![1]],
      `version ${entry.v} says twice which columns it has`,
      "one include, with its exclude, is enough",
    );
  if (chosen !== undefined && Array.isArray(chosen[0].include) && chosen[0].exclude.length > 0)
    report(
      ["columns", chosen[1], "exclude"],
      `version ${entry.v} includes columns by name and excludes others`,
      "exclude goes with include: all",
    );
  const isListed = Array.isArray(chosen?.[0].include);
  const seen = new Set<string>();
  const columnsAt = [...at, "columns"];
  const described = entry.columns.flatMap((column, i) =>
    isChosen(column) ? [] : readColumn(column, yaml, columnsAt, i, seen, problems),
  );
  const { tests, data_tests, access } = entry;
  const own = tests === undefined && data_tests === undefined;
  return {
    v: entry.v,
    definedIn: entry.defined_in?.replace(/\.sql$/, "") ?? null,
    description: entry.description ?? null,
    dynamic: dynamicOf(yaml.written?.([...at, "config"]), entry.config),
    config: access === undefined ? entry.config : { access, ...entry.config },
    include: isListed ? (chosen![0].include as readonly string[]) : "all",
    exclude: chosen?.[0].exclude ?? [],
    columns: described,
    constraints:
      entry.constraints?.map((each) => ({ ...readConstraint(each), columns: each.columns })) ?? null,
    tests: own ? null : testsOf({ tests: tests ?? [], data_tests: data_tests ?? [] }, yaml, at, problems),
    deprecationDate: entry.deprecation_date ?? null,
    place: yaml.placeOf([...at, "v"]),
  };
}
