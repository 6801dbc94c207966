import { isDeepStrictEqual } from "node:util";
import { parse } from "csv-parse/sync";
import { isObject } from "../../base/json.ts";
import type { Graph, UnitTestNode } from "../../graph/types.ts";
import type { Fixture } from "../../project/types.ts";
import { normalForm } from "../../template/normal-form.ts";
import { listOf, objectOf, textOf } from "./entry-parts.ts";
import type { Entry } from "./read-state.ts";

/**
 * Whether a unit test says what its entry in the manifest of then says. dbt makes its checksum of texts of Python objects, so what it wrote is compared
 * part by part; ours holds more than a manifest has a place for, and its checksum tells.
 */
export function isSameUnitTest(node: UnitTestNode, entry: Entry, { nodes }: Graph): boolean {
  if (entry["checksum"] === node.checksum) return true;
  const isOfDbt = "created_at" in entry;
  if (!isOfDbt || node.model === null || node.cte !== null || node.overrides.now !== null) return false;
  const given = listOf(entry["given"]).map(objectOf);
  const { macros, vars, envVars } = node.overrides;
  const overrides = objectOf(entry["overrides"]);
  const env = Object.entries(objectOf(overrides["env_vars"])).map(([name, value]) => [name, String(value)]);
  const versions = objectOf(entry["versions"]);
  return (
    nodes.get(node.model)?.name === entry["model"] &&
    node.given.length === given.length &&
    node.given.every(({ input, rows }, i) => isSameInput(input, given[i]!) && isSameRows(rows, given[i]!)) &&
    isSameRows(node.expect, objectOf(entry["expect"])) &&
    isDeepStrictEqual(
      [macros, vars, envVars],
      [objectOf(overrides["macros"]), objectOf(overrides["vars"]), Object.fromEntries(env)],
    ) &&
    isDeepStrictEqual(
      [node.versions?.include ?? [], node.versions?.exclude ?? []].map(texts),
      [listOf(versions["include"]), listOf(versions["exclude"])].map(texts),
    )
  );
}

const texts = (versions: readonly unknown[]): string[] => versions.map(String).toSorted();

const isSameInput = (input: string, entry: Entry): boolean =>
  normalForm(`{{ ${input} }}`) === normalForm(`{{ ${textOf(entry["input"])} }}`);

/** dbt has the rows of CSV as maps of texts, an empty cell as null, and those of a seed where a test gives none. */
function isSameRows({ format, rows, fixture }: Fixture, entry: Entry): boolean {
  if (rows === null && fixture === null) return format === entry["format"];
  const then = entry["rows"];
  if (format !== entry["format"]) return false;
  if (format === "sql") return normalForm(textOf(rows)) === normalForm(textOf(then));
  return isDeepStrictEqual(plain(format === "csv" ? recordsOf(textOf(rows)) : rows), plain(then));
}

const recordsOf = (text: string): unknown[] =>
  parse(text, { columns: true, trim: true, skip_empty_lines: true, relax_column_count: true });

/** Of JSON alone, and an empty text as no value. */
const plain = (rows: unknown): unknown[] =>
  listOf(rows).map((row) =>
    isObject(row)
      ? Object.fromEntries(
          Object.entries(row).map(([key, value]) => [
            key,
            value === "" ? null : JSON.parse(JSON.stringify(value)),
          ]),
        )
      : row,
  );
