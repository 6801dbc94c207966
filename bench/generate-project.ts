import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const LAYERS = 10;

/**
 * Writes a layered project of `models` models: a tenth read a seed, the others one to three models of the layer before, through macros, vars and
 * sections; a property file for ten models with two tests each. No two models say the same. The same number gives the same project.
 */
export function generateProject(folder: string, models: number): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  // Every other layer is stored, as people do: views upon views upon views would be counted out anew for each that reads them.
  const layered = Array.from(
    { length: LAYERS },
    (_, layer) => `  layer_${layer}: {+materialized: ${layer % 2 === 0 ? "view" : "table"}}\n`,
  ).join("");
  write(
    "sql_project.yaml",
    `name: bench\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: data/warehouse.duckdb, threads: 2}\nvars: {first_year: 2010, codes: [a, b]}\nmodels:\n${layered}`,
  );
  write(
    "seeds/raw_numbers.csv",
    `id,geo,year,value\n${Array.from({ length: 20 }, (_, i) => `${i},g${i % 5},${2010 + (i % 7)},${i / 4}`).join("\n")}\n`,
  );
  write(
    "macros/shared.sql",
    "{{! macro rounded(column, digits=2) }}\nround({{ column }}, {{ digits }})\n\n{{! macro since(column) }}\n{{ column }} >= {{ var('first_year') }}\n",
  );
  const perLayer = Math.ceil(models / LAYERS);
  const nameOf = (layer: number, i: number): string => `m${layer}_${i}`;
  for (let made = 0; made < models; made++) {
    const layer = Math.floor(made / perLayer);
    const i = made % perLayer;
    const parents =
      layer === 0
        ? ["raw_numbers"]
        : [0, 7, 31].slice(0, 1 + (made % 3)).map((step) => nameOf(layer - 1, (i + step) % perLayer));
    write(`models/layer_${layer}/${nameOf(layer, i)}.sql`, modelSql(made, parents));
  }
  for (let start = 0; start < models; start += 10) {
    const layer = Math.floor(start / perLayer);
    const entries = Array.from({ length: Math.min(10, models - start) }, (_, k) => {
      const made = start + k;
      return propertiesOf(made, nameOf(Math.floor(made / perLayer), made % perLayer));
    });
    write(`models/layer_${layer}/_p${start}.yml`, `version: 2\n\nmodels:\n${entries.join("")}`);
  }
}

function modelSql(made: number, parents: readonly string[]): string {
  const [first, ...others] = parents;
  const unions = others.map(
    (parent) =>
      `    union all\n    select id, geo, year, value\n    from {{ ref('${parent}') }}\n    where {{ since('year') }}\n`,
  );
  return `{{ config(tags=['bench'], meta={'owner': 'bench'}) }}
-- Model ${made}, like those that people write: a few CTEs, macros, a section.
with base as (
    select id, geo, year, value
    from {{ ref('${first}') }}
    where {{ since('year') }}
${unions.join("")}
),

filtered as (
    select *
    from base
    where id <> ${1000 + made}
    {{#if target.name == 'prod'}}
    and geo in {{ var('codes') }}
    {{/if}}
),

aggregated as (
    select
        geo,
        year,
        min(id) as id,
        {{ rounded('avg(value)') }} as value,
        {{ rounded('max(value)', digits=1) }} as highest,
        count(*) as n
    from filtered
    group by geo, year
)

select
    id,
    geo,
    year,
    value,
    highest,
    n
from aggregated
order by id
`;
}

function propertiesOf(made: number, name: string): string {
  // Tests of a few forms; of one model in four the arguments of one are its own.
  const ofId = made % 2 === 0 ? "not_null" : "unique";
  const codes = [...Array.from({ length: 5 }, (_, i) => `g${i}`), ...(made % 4 === 3 ? [`x${made}`] : [])];
  const ofGeo = made % 4 < 2 ? "not_null" : `accepted_values: {values: [${codes.join(", ")}]}`;
  return `  - name: ${name}
    description: Means by country and year, number ${made}, described like any other.
    columns:
      - name: id
        description: Smallest id of the group in ${name}.
        data_tests: [${ofId}]
      - name: geo
        description: Country.
        data_tests:
          - ${ofGeo}
      - {name: year, description: Year.}
      - {name: value, description: Mean value of model ${made}.}
`;
}
