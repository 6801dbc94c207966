import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { HINTS } from "../../runner/plan/portable/known.ts";
import {
  aggregates,
  expressions,
  queries,
  refusedAggregates,
  refusedExpressions,
  refusedQueries,
} from "../contract/portable-sql.ts";

/**
 * The documentation of portable SQL is what the engines are compared by. Where it differs, what it should be stands beside it as
 * `README.changed.md`, to be read and put in its place.
 */
const file = new URL("../../runner/plan/portable/README.md", import.meta.url);

const INTRODUCTION = `# Portable SQL

A model with \`portable: true\` is written in DuckDB's dialect; for PostgreSQL it is translated when it is compiled. \`target/compiled/\` has what comes of it. Everything below is run on
both engines by a test and gives the same rows; what the library behind it translates wrongly is said otherwise first, or refused with its place. What is not here is
refused: it may mean the same, but nobody has looked. The columns are \`id\`, \`i\`, \`k\` (whole numbers), \`m\` (a decimal), \`x\` (a double), \`s\`, \`u\` (texts), \`d\`, \`ts\` (a date and a timestamp), \`b\`.

Three things no translation can see to: regular expressions are RE2's here and POSIX's there, texts are ordered and put into upper case by the database's locale, and what fails in one engine alone (a
number too big, \`round\` of a double to digits, an alias used beside itself) is an error of the build.
`;

const section = (title: string, lines: readonly string[]): string =>
  `## ${title}\n\n${lines.map((line) => `- ${line}`).join("\n")}\n`;
const code = (sql: string): string => (sql.includes("`") ? `\`\` ${sql} \`\`` : `\`${sql}\``);
const refused = (list: readonly (readonly [string, string])[]): string[] =>
  list.map(([sql, why]) => {
    const hint = HINTS[why.replace("the function ", "").replaceAll(" ", "_")];
    return `${code(sql)}: ${why}${hint === undefined ? "" : `; ${hint}`}`;
  });

test("the documentation of portable SQL is what it is compared by", () => {
  const wanted = [
    INTRODUCTION,
    section("Expressions", expressions.map(code)),
    section("Aggregates", aggregates.map(code)),
    section("Queries", queries.map(code)),
    section("Refused", refused([...refusedExpressions, ...refusedAggregates, ...refusedQueries])),
  ].join("\n");
  let found = "";
  try {
    found = readFileSync(file, "utf8");
  } catch {
    // it is not there yet
  }
  if (found !== wanted) writeFileSync(new URL("README.changed.md", file), wanted);
  assert.ok(found === wanted, "runner/plan/portable/README.md is another: see README.changed.md beside it");
});
