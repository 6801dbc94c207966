import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generateProject } from "./generate-project.ts";

/** Our spelling of what the generated projects hold, and dbt's. */
const SPELLINGS = [
  ["{{#if target.name == 'prod'}}", "{% if target.name == 'prod' %}"],
  ["{{/if}}", "{% endif %}"],
] as const;

const MACROS = `{% macro rounded(column, digits=2) %}
round({{ column }}, {{ digits }})
{% endmacro %}

{% macro since(column) %}
{{ column }} >= {{ var('first_year') }}
{% endmacro %}
`;

/** The project of {@link generateProject} twice, file by file the same but for the spelling of its templates: in `ours`, and for dbt in `theirs`. */
export function generateBoth(ours: string, theirs: string, models: number): void {
  generateProject(ours, models);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(theirs, path)), { recursive: true });
    writeFileSync(join(theirs, path), text);
  };
  cpSync(join(ours, "seeds"), join(theirs, "seeds"), { recursive: true });
  for (const path of readdirSync(join(ours, "models"), { recursive: true, encoding: "utf8" })) {
    if (!/\.(?:sql|yml)$/.test(path)) continue;
    let text = readFileSync(join(ours, "models", path), "utf8");
    for (const [from, to] of SPELLINGS) text = text.replaceAll(from, to);
    write(join("models", path), text);
  }
  write("macros/shared.sql", MACROS);
  const said = readFileSync(join(ours, "sql_project.yaml"), "utf8");
  const vars = /^vars: .*$/m.exec(said)![0];
  const layers = said.slice(said.indexOf("models:\n") + "models:\n".length).replaceAll(/^/gm, "  ");
  const flags = "flags: {send_anonymous_usage_stats: false}";
  write(
    "dbt_project.yml",
    `name: bench\nversion: 1.0.0\nconfig-version: 2\nprofile: bench\n${flags}\n${vars}\nmodels:\n  bench:\n${layers.trimEnd()}\n`,
  );
  write(
    "profiles.yml",
    "bench:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: warehouse.duckdb, threads: 2}\n",
  );
}
