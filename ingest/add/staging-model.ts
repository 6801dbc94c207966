import type { Dialect } from "../../runner/dialects/dialect.ts";
import type { AddedNames } from "./names.ts";

const MEASURES = ["value", "value_text", "status", "confidentiality", "_vintage", "_extracted_at"];

/** The column that holds the labels of another, under a name that no dimension has. */
export function labelColumn(column: string, columns: readonly { readonly column: string }[]): string {
  const taken = new Set(columns.map((one) => one.column));
  let name = `${column}_label`;
  while (taken.has(name)) name += "_";
  return name;
}

/** The SQL of a model that has the newest edition with the labels of its codes: each dimension joined to its own categories. */
export function stagingModel({ publisher, dataset, columns }: AddedNames, dialect: Dialect): string {
  const quote = (name: string): string =>
    /^[a-z_][a-z0-9_]*$/.test(name) ? name : dialect.quoteIdentifier(name);
  const source = (part: string): string => `{{ source('${publisher}', '${dataset}'${part}) }}`;
  const selected = [
    ...columns.flatMap(({ column }) => [
      `o.${quote(column)}`,
      `${quote(`${column}_codes`)}.label as ${quote(labelColumn(column, columns))}`,
    ]),
    ...["time_period", "period_start", "period_end", ...MEASURES].map((name) => `o.${name}`),
  ];
  const joins = columns.map(({ column }) => {
    const codes = quote(`${column}_codes`);
    return `left join ${source(", part='dimensions'")} as ${codes}\n    on ${codes}.column_name = ${dialect.literal(column)} and ${codes}.code = o.${quote(column)}`;
  });
  return `-- One row an observation of the newest edition, with the labels of its codes.
select
    ${selected.join(",\n    ")}
from ${source("")} as o
${joins.map((join) => `${join}\n`).join("")}`;
}
