import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { stringify } from "yaml";
import { dialectOf } from "../../runner/dialects/dialect-of.ts";
import { shippedTests } from "../../runner/template/builtin-macros.ts";
import type { ShippedTest } from "../../runner/template/shipped/shipped-test.ts";
import { compilerOf } from "../support/compiler-of.ts";
import { linkProject, testsOf } from "../support/link-project.ts";

/**
 * The documentation of the shipped tests is what they compile to. Where it differs, what it should be stands beside it as
 * `README.changed.md`, to be read and put in its place.
 */
const file = new URL("../../runner/template/shipped/README.md", import.meta.url);

const INTRODUCTION = `# The tests that are shipped

A name says what is looked at, and then what holds of it: \`values_between\`, \`row_count_equal\`, \`sums_add_up\`; only dbt's own four keep their names.
Arguments are called alike everywhere: \`min_value\` and \`max_value\` are bounds, both allowed; \`min_share\` and \`max_share\` are parts of a whole, from 0 to 1; \`to\` is
another relation, as \`ref(…)\` or \`source(…)\`; \`group_by\` and \`key\` are lists of columns. Every test takes the configuration of all tests besides
(\`severity\`, \`where\`, \`warn_if\` …).

Each is shown with what it says in a property file and the SQL that it becomes on DuckDB: the rows of that query are what is wrong.
`;

const entry = ({ name, example: { column, arguments: args } }: ShippedTest): object => {
  const written = Object.keys(args).length === 0 ? name : { [name]: { arguments: args } };
  return column === undefined
    ? { data_tests: [written] }
    : { columns: [{ name: column, data_tests: [written] }] };
};

async function section(shipped: ShippedTest): Promise<string> {
  const yml = { name: "observations", ...entry(shipped) };
  const linked = await linkProject({
    "models/observations.sql": "select 1 as x",
    "models/stg_observations.sql": "select 1 as x",
    "models/dim_geo.sql": "select 1 as x",
    "models/p.yml": JSON.stringify({
      models: [yml],
      sources: [{ name: "eurostat", tables: [{ name: "demo_pjan" }] }],
    }),
  });
  const compiler = compilerOf(linked.project, linked, dialectOf("duckdb"));
  const sql = compiler.compile(testsOf(linked)[0]!.uniqueId).compiledCode.replaceAll(/ +$/gm, "");
  return `## ${shipped.name}\n\n${shipped.says}\n\n\`\`\`yaml\n${stringify([yml], { lineWidth: 0 })}\`\`\`\n\n\`\`\`sql\n${sql}\n\`\`\`\n`;
}

test("the documentation of the shipped tests says what they are", async () => {
  const sections: string[] = [];
  for (const shipped of shippedTests) sections.push(await section(shipped));
  const wanted = `${INTRODUCTION}\n${sections.join("\n")}`;
  const found = readFileSync(file, { encoding: "utf8", flag: "a+" });
  if (found === wanted) return;
  writeFileSync(new URL("README.changed.md", file), wanted);
  assert.equal(found, wanted, "runner/template/shipped/README.md: see README.changed.md beside it");
});
