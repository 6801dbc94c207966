import { UsageError } from "../../base/errors.ts";
import { valueType } from "./value-type.ts";
import type { ValueType } from "./value-type.ts";

export type TypedColumn = {
  readonly name: string;
  /** In the engine's spelling. */
  readonly type: string;
  readonly description: string;
  readonly nullable: boolean;
  /** All values that it has. */
  readonly values: readonly (string | number)[] | null;
};
export type TypedRelation = {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly TypedColumn[];
};
export type TypesStyle = {
  /** Schemas of zod beside the types. */
  readonly zod: boolean;
  /** What dates and instants are: texts, as in JSON, or `Date`, as drivers of PostgreSQL give them. */
  readonly dates: "text" | "Date";
};

/** A module of TypeScript with a type a relation; the same project gives the same text. */
export function printTypes(relations: readonly TypedRelation[], { zod, dates }: TypesStyle): string {
  const sorted = relations.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const names = namesOf(sorted);
  const head = [
    "// Written by `models generate types`: change the project, not this file.",
    ...(zod ? ['import { z } from "zod";'] : []),
  ];
  const blocks = sorted.map((relation, i) => {
    const name = names[i]!;
    const columns = relation.columns.map((column) => ({ ...column, value: valueOf(column) }));
    const lines = [
      ...docs(relation.description, ""),
      `export type ${name} = {`,
      ...columns.flatMap(({ name: key, description, nullable, value }) => [
        ...docs(description, "  "),
        `  readonly ${keyOf(key)}: ${typeText(value, dates)}${nullable ? " | null" : ""};`,
      ]),
      "};",
    ];
    if (!zod) return lines.join("\n");
    const schema = `${name.charAt(0).toLowerCase()}${name.slice(1)}Schema`;
    return [
      ...lines,
      `export const ${schema} = z.object({`,
      ...columns.map(
        ({ name: key, nullable, value }) =>
          `  ${keyOf(key)}: ${zodText(value, dates)}${nullable ? ".nullable()" : ""},`,
      ),
      `}) satisfies z.ZodType<${name}>;`,
    ].join("\n");
  });
  return `${[head.join("\n"), ...blocks].join("\n\n")}\n`;
}

/** A column of which all values are named is one of them, where they are what its type holds. */
function valueOf({ type, values }: TypedColumn): ValueType {
  const value = valueType(type);
  if (values === null) return value;
  if (value.kind === "text") return { kind: "one-of", values: values.map(String) };
  const numbers = values.map(Number);
  return value.kind === "number" && numbers.every(Number.isFinite)
    ? { kind: "one-of", values: numbers }
    : value;
}

function namesOf(relations: readonly TypedRelation[]): string[] {
  const taken = new Map<string, string>();
  return relations.map(({ name }) => {
    const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
    const type = /^\p{L}/u.test(joined) ? joined : `T${joined}`;
    const other = taken.get(type);
    if (other !== undefined)
      throw new UsageError(
        "TYPE_NAME_TAKEN",
        `"${other}" and "${name}" would both be the type ${type}`,
        "choose one of them with --select",
      );
    taken.set(type, name);
    return type;
  });
}

const keyOf = (name: string): string =>
  /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) && name !== "__proto__" ? name : textOf(name);

/** Also what JSON lets stand and a line of a program does not. */
const textOf = (text: string): string =>
  JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
const literal = (value: string | number): string =>
  typeof value === "string" ? textOf(value) : String(value);

function docs(description: string, indent: string): string[] {
  const text = description.trim().replaceAll("*/", "*\\/");
  if (text === "") return [];
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
  if (lines.length === 1) return [`${indent}/** ${lines[0]} */`];
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}

function typeText(value: ValueType, dates: TypesStyle["dates"]): string {
  switch (value.kind) {
    case "text":
      return "string";
    case "date":
    case "instant":
      return dates === "Date" ? "Date" : "string";
    case "one-of":
      return value.values.map(literal).join(" | ");
    case "list":
      return `readonly (${typeText(value.of, dates)} | null)[]`;
    case "struct":
      return `{ ${value.fields.map(([name, of]) => `readonly ${keyOf(name)}: ${typeText(of, dates)} | null`).join("; ")} }`;
    default:
      return value.kind;
  }
}

function zodText(value: ValueType, dates: TypesStyle["dates"]): string {
  switch (value.kind) {
    case "text":
      return "z.string()";
    case "date":
    case "instant":
      return dates === "Date" ? "z.date()" : "z.string()";
    case "one-of": {
      const literals = value.values.map((one) => `z.literal(${literal(one)})`);
      if (value.values.every((one) => typeof one === "string"))
        return `z.enum([${value.values.map(literal).join(", ")}])`;
      return literals.length === 1 ? literals[0]! : `z.union([${literals.join(", ")}])`;
    }
    case "list":
      return `z.array(${zodText(value.of, dates)}.nullable())`;
    case "struct":
      return `z.object({ ${value.fields.map(([name, of]) => `${keyOf(name)}: ${zodText(of, dates)}.nullable()`).join(", ")} })`;
    default:
      return `z.${value.kind}()`;
  }
}
