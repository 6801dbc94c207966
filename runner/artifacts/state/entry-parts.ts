import { isObject } from "../../base/json.ts";
import type { ModelNode } from "../../graph/types.ts";
import type { Entry } from "./read-state.ts";

/* Parts of entries of a manifest, ours or dbt's, as comparing needs them: whatever is not as expected is not there. */

export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
export const objectOf = (value: unknown): Readonly<Record<string, unknown>> => (isObject(value) ? value : {});
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const isEnforced = (contract: unknown): boolean => objectOf(contract)["enforced"] === true;

/** Of a column; types are compared in any case. */
export const typeOf = (column: unknown): string => textOf(objectOf(column)["data_type"]).toLowerCase();

export type Promised = { readonly key: string; readonly words: string };

/** What must hold of a model's rows, of its columns and of the whole, in one spelling. */
export function constraintsOf(model: ModelNode | Entry): readonly Promised[] {
  if ("uniqueId" in model)
    return (model as ModelNode).constraints.map((each) => promised(each, each.columns));
  const own = listOf(model["constraints"]).map((each) => promised(each, listOf(objectOf(each)["columns"])));
  const ofColumns = Object.entries(objectOf(model["columns"])).flatMap(([name, column]) =>
    listOf(objectOf(column)["constraints"]).map((each) => promised(each, [name])),
  );
  return [...ofColumns, ...own];
}

function promised(constraint: unknown, columns: readonly unknown[]): Promised {
  const each = objectOf(constraint);
  const { type, expression = null } = each;
  const to = textOf(each["to"]) === "" ? [] : [each["to"], each["to_columns"] ?? each["toColumns"] ?? []];
  const names = columns.map(textOf).toSorted();
  const of = textOf(expression) === "" ? names.map((name) => `"${name}"`).join(", ") : textOf(expression);
  return { key: JSON.stringify([type, expression, names, ...to]), words: `${textOf(type)} (${of})` };
}
