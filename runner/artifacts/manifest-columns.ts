import type { JsonObject } from "../base/json.ts";
import type { ColumnInfo, ModelNode } from "../graph/types.ts";
import type { Constraint } from "../project/types.ts";
import { escaped, isEmpty, jsonOf, quotedOrNull, remembering, textsJson } from "./json-text.ts";

/** Described columns by name. */
export function columnsJson(columns: ReadonlyMap<string, ColumnInfo>): string {
  if (columns.size === 0) return "{}";
  let json = "{";
  columns.forEach((column) => {
    const { description } = column;
    const name = escaped(column.name);
    json += `${json === "{" ? "" : ","}"${name}":{"name":"${name}","description":"${escaped(description)}`;
    json += isBare(column) ? bare(column.dataType) : more(column);
  });
  return `${json}}`;
}

/** Whether there is nothing to be said but its name, its type and its description. */
const isBare = ({ meta, tags, constraints, quote, docBlocks }: ColumnInfo): boolean =>
  constraints.length === 0 && tags.length + docBlocks.length === 0 && !quote && isEmpty(meta);

const bare = remembering((dataType: string | null) =>
  more({
    name: "",
    description: "",
    meta: {},
    dataType,
    constraints: [],
    quote: false,
    tags: [],
    docBlocks: [],
  }),
);

function more({ meta, dataType, constraints, quote, tags, docBlocks }: ColumnInfo): string {
  const [saidMeta, saidTags] = [jsonOf(meta), textsJson(tags)];
  const must = constraints.length === 0 ? "[]" : JSON.stringify(constraints.map(manifestConstraint));
  return (
    `","meta":${saidMeta},"data_type":${quotedOrNull(dataType)},"constraints":${must},"quote":${quote ? "true" : "null"},` +
    `"config":{"meta":${saidMeta},"tags":${saidTags}},"tags":${saidTags},"granularity":null,"doc_blocks":${textsJson(docBlocks)}}`
  );
}

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
