import type { Arguments } from "./arguments.ts";
import { fieldNames, fieldOf, itemsOf, kindOf } from "./inspect-value.ts";
import type { FunctionSpec } from "./types.ts";
import { textOf, valueToJson } from "./value-to-json.ts";
import { Data, Identifier, Sql } from "./values.ts";
import type { Part, Value } from "./values.ts";

/** A function of the language itself. Throws an Error whose message says what is wrong with the arguments. */
export type LanguageFunction = {
  readonly spec: FunctionSpec;
  readonly call: (args: Arguments) => Value;
};

const one = (name: string): FunctionSpec => ({ kind: "function", parameters: [{ name, required: true }] });
const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/;

export const languageFunctions: ReadonlyMap<string, LanguageFunction> = new Map<string, LanguageFunction>([
  /** Anything as an SQL literal: text quoted, lists as `('a', 'b')`. */
  ["literal", { spec: one("value"), call: (args) => new Data(valueToJson(args.get("value")!)) }],
  /** Text as a quoted name. */
  ["identifier", { spec: one("name"), call: (args) => new Identifier(textOf(args.get("name")!)) }],
  /** A column's name quoted; anything written in the template that is more than a name is an expression and stays as it is. */
  ["column", { spec: one("name"), call: (args) => column(args.get("name")!) }],
  /** The items of a list with a separator between them; each is printed as it would be alone. */
  [
    "join",
    {
      spec: {
        kind: "function",
        parameters: [
          { name: "list", required: true },
          { name: "separator", required: false },
        ],
      },
      call: (args) => join(args.get("list")!, args.get("separator") ?? new Sql(", ")),
    },
  ],
  /** One column of rows, `run_query(…)` or a list of maps, as a list. */
  [
    "column_values",
    {
      spec: {
        kind: "function",
        parameters: [
          { name: "rows", required: true },
          { name: "column", required: true },
        ],
      },
      call: (args) => columnValues(args.get("rows")!, textOf(args.get("column")!)),
    },
  ],
  /** Data as SQL, unquoted: for a part of a statement that a var holds. Whoever sets the var writes the statement. */
  ["raw", { spec: one("value"), call: (args) => new Sql(textOf(args.get("value")!)) }],
]);

function column(name: Value): Value {
  if (!(name instanceof Sql)) return new Identifier(textOf(name));
  const text = textOf(name);
  return plainName.test(text) ? new Identifier(text) : name;
}

function columnValues(rows: Value, column: string): Value {
  const items = itemsOf(rows);
  if (items === undefined) throw new Error(`"column_values" takes rows, ${kindOf(rows)} was given`);
  const values = items.map((row) => {
    const value = fieldOf(row, column);
    if (value !== undefined) return value;
    throw new Error(`there is no column "${column}": rows have ${fieldNames(row).join(", ") || "none"}`);
  });
  return values.every((value) => value instanceof Data) ? new Data(values.map(({ value }) => value)) : values;
}

function join(list: Value, separator: Value): Sql {
  const items = itemsOf(list);
  if (items === undefined) throw new Error(`"join" takes a list, ${kindOf(list)} was given`);
  const between = textOf(separator);
  return new Sql(items.flatMap((item, index) => (index === 0 ? parts(item) : [between, ...parts(item)])));
}

function parts(item: Value): readonly Part[] {
  if (item instanceof Sql) return item.parts;
  if (item instanceof Data || item instanceof Identifier) return [{ value: item, spot: null }];
  return [textOf(item)];
}
