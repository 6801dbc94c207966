import type { JsonObject } from "../base/json.ts";
import type { ColumnInfo, ModelNode } from "../graph/types.ts";
import type { Constraint } from "../project/types.ts";
import { entryWriter, written } from "./entry-writer.ts";

const writeColumn = entryWriter<ColumnInfo, undefined>({
  name: ({ name }) => name,
  description: ({ description }) => description,
  meta: ({ meta }) => meta,
  data_type: ({ dataType }) => dataType,
  constraints: ({ constraints }) =>
    constraints.length === 0 ? constraints : constraints.map(manifestConstraint),
  quote: ({ quote }) => (quote ? true : null),
  config: { meta: ({ meta }) => meta, tags: ({ tags }) => tags },
  tags: ({ tags }) => tags,
  granularity: null,
  doc_blocks: ({ docBlocks }) => docBlocks,
});

type Described = { readonly columns: ReadonlyMap<string, ColumnInfo> };

/** Described columns by name. */
export const columns = written<Described, unknown, Described["columns"]>(
  (node) => node.columns,
  (out, all) => {
    out.text("{");
    let isFirst = true;
    for (const column of all.values()) {
      out.key(column.name, isFirst);
      writeColumn(out, column, undefined);
      isFirst = false;
    }
    out.text("}");
  },
);

/** dbt's form of what must hold; who checks it is our business. */
const manifestConstraint = ({
  type,
  expression,
  name,
  to,
  toColumns,
  warnUnenforced,
  warnUnsupported,
}: Omit<Constraint, "columns">): JsonObject => ({
  type,
  expression,
  name,
  warn_unenforced: warnUnenforced,
  warn_unsupported: warnUnsupported,
  to,
  to_columns: toColumns,
});

/** Constraints of the whole model: those of columns come first and are told with them. */
export function modelConstraints({ columns: own, constraints }: ModelNode): readonly JsonObject[] {
  if (constraints.length === 0) return none;
  const ofColumns = [...own.values()].reduce((sum, column) => sum + column.constraints.length, 0);
  return constraints
    .slice(ofColumns)
    .map((constraint) => ({ ...manifestConstraint(constraint), columns: constraint.columns }));
}

const none: readonly never[] = [];
