import { sha256 } from "../base/hash.ts";
import { repr } from "../base/python-repr.ts";
import type { ModelNode } from "../graph/types.ts";
import type { Constraint } from "../project/types.ts";

/**
 * dbt's own digest of what a contract says: names, types and constraints of columns, in whatever order they are described, and the model's
 * constraints where it is a table. dbt hashes what Python prints of them (`build_contract_checksum` in its `contracts/graph/nodes.py`), so
 * that is written here; it is the same with dbt 1.10.
 */
export function contractChecksum({ columns, constraints, config: { materialized } }: ModelNode): string {
  const sorted = [...columns.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const said = sorted.map(
    (column) => `|${column.name}${column.dataType ?? "None"}${list(column.constraints.map(ofColumn))}`,
  );
  if (materialized === "table" || materialized === "incremental") {
    // Those of columns come first, and are said with them.
    const own = constraints.slice(sorted.reduce((sum, column) => sum + column.constraints.length, 0));
    said.push(materialized, list(own.map(ofModel)));
  }
  return sha256(said.join(""));
}

const ofColumn = (constraint: Omit<Constraint, "columns">): string =>
  `ColumnLevelConstraint(${fields(constraint)})`;

const ofModel = (constraint: Constraint): string =>
  `ModelLevelConstraint(${fields(constraint)}, columns=${list(constraint.columns.map(text))})`;

const fields = ({
  type,
  name,
  expression,
  to,
  toColumns,
  warnUnenforced,
  warnUnsupported,
}: Omit<Constraint, "columns">): string =>
  [
    `type=<ConstraintType.${type}: '${type}'>`,
    `name=${text(name)}`,
    `expression=${text(expression)}`,
    `warn_unenforced=${flag(warnUnenforced)}`,
    `warn_unsupported=${flag(warnUnsupported)}`,
    `to=${text(to)}`,
    `to_columns=${list(toColumns.map(text))}`,
  ].join(", ");

const flag = (value: boolean): string => (value ? "True" : "False");

const list = (items: readonly string[]): string => `[${items.join(", ")}]`;

const text = (value: string | null): string => (value === null ? "None" : repr(value));
