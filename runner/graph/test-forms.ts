import type { Json, JsonObject } from "../base/json.ts";
import type { ColumnProperties, TestProperties } from "../project/types.ts";
import { argumentFaults } from "./test-arguments.ts";
import type { ArgumentFault } from "./test-arguments.ts";
import { argumentsInName } from "./naming.ts";
import { hashedOf } from "./test-hash.ts";
import { testCode } from "./test-code.ts";
import type { TestCode } from "./test-code.ts";
import { findTest, isShipped } from "./test-macros.ts";
import type { TestDefinition } from "./test-macros.ts";
import type { Workshop } from "./workshop.ts";

/** What tests have in common that ask the same of a column of the same name, whatever node it is of. */
export type TestForm = {
  readonly kind: TestKind;
  readonly arguments: JsonObject;
  readonly columnName: string | null;
  /** What their names end with: `__a__b`. */
  readonly ending: string;
  /** What their ids are hashed from, before and after the relation that is tested. */
  readonly hashed: { readonly before: string; readonly after: string };
  readonly faults: readonly ArgumentFault[];
  readonly code: TestCode;
  /** The same for tests that differ in nothing but their node and their literal arguments. */
  readonly shape: string;
};

/** What a test's name means where it is written. */
export type TestKind = {
  /** `unique` */
  readonly name: string;
  readonly namespace: string | null;
  readonly definition: TestDefinition;
  /** What names of tests begin with: `unique_`, of another package `other_unique_`. */
  readonly beginning: string;
};

/** The few forms of a project's many tests: a column is asked to be unique ten thousand times in the same words. */
export class TestForms {
  readonly #workshop: Workshop;
  readonly #known = new Map<string, Known>();

  constructor(workshop: Workshop) {
    this.#workshop = workshop;
  }

  /** null: no test has that name. */
  formOf(test: TestProperties, column: ColumnProperties | null): TestForm | null {
    const { kind, forms } = this.#known.get(test.test) ?? this.#learn(test.test);
    if (kind === null) return null;
    const given = hasNone(test.arguments) ? "{}" : JSON.stringify(test.arguments);
    // JSON has one word for what is not there and for numbers that it has no word for.
    if (given.includes("null")) return formOf(kind, test, column);
    const key = column === null ? given : `${column.quote ? "!" : "."}${column.name}\n${given}`;
    let form = forms.get(key);
    if (form === undefined) forms.set(key, (form = formOf(kind, test, column)));
    return form;
  }

  #learn(test: string): Known {
    const [namespace, name] = namesOf(test);
    const definition = findTest(this.#workshop.library, name, namespace, this.#workshop.package);
    const beginning = `${namespace === null ? "" : `${namespace}_`}${name}_`;
    const kind = definition === undefined ? null : { name, namespace, definition, beginning };
    const known: Known = { kind, forms: new Map() };
    this.#known.set(test, known);
    return known;
  }
}

/** Most tests say all by their names. */
function hasNone(args: JsonObject): boolean {
  for (const _ in args) return false;
  return true;
}

type Known = { readonly kind: TestKind | null; readonly forms: Map<string, TestForm> };

/** `other.unique` is the package `other`'s. */
export function namesOf(test: string): [namespace: string | null, name: string] {
  const dot = test.lastIndexOf(".");
  return dot === -1 ? [null, test] : [test.slice(0, dot), test.slice(dot + 1)];
}

function formOf(kind: TestKind, test: TestProperties, column: ColumnProperties | null): TestForm {
  const { name, namespace, definition } = kind;
  const args: JsonObject = { ...(column !== null && { column_name: column.name }), ...test.arguments };
  const written = Object.entries(args).map(([key, value]): readonly [string, string] => [
    key,
    key === "column_name" && column && isOdd(column) ? `identifier(${quote(column.name)})` : spell(value),
  ]);
  // dbt's names and ids have a column that is to be quoted in its quotes.
  const named: JsonObject = column?.quote === true ? { ...args, column_name: `"${column.name}"` } : args;
  return {
    kind,
    arguments: args,
    columnName: column?.name ?? null,
    ending: argumentsInName(named),
    hashed: hashedOf(name, namespace, named),
    faults: isShipped(definition) ? argumentFaults(name, args) : [],
    code: testCode(definition, { package: namespace, arguments: written }),
    shape: `${test.test}${shapeOf(args, written)}`,
  };
}

const quote = (text: string): string => JSON.stringify(text);

/** What is described under `columns:` is a column, even where its name looks like an expression; it must be quoted then. */
const isOdd = ({ name, quote }: ColumnProperties): boolean => quote || !PLAIN.test(name);
const PLAIN = /^[A-Za-z_]\w*$/;

/** `to: ref('x')` is meant as a call, as in dbt; everything else as it stands. */
const CALL = /^\s*(?:\{\{)?\s*((?:ref|source|var|env_var)\s*\(.*\))\s*(?:\}\})?\s*$/s;

/** The names of the arguments, and of these what is not a literal: calls, which may refer to something. */
function shapeOf(args: JsonObject, written: readonly (readonly [name: string, text: string])[]): string {
  let shape = "";
  for (const [key, text] of written) shape += `, ${key}${holdsCall(args[key]!) ? `=${text}` : ""}`;
  return shape;
}

function holdsCall(value: Json): boolean {
  if (typeof value === "string") return CALL.test(value);
  return typeof value === "object" && value !== null && Object.values(value).some(holdsCall);
}

function spell(value: Json): string {
  if (typeof value === "string") return CALL.exec(value)?.[1] ?? quote(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(spell).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${quote(key)}: ${spell(item)}`)
      .join(", ")}}`;
  }
  return JSON.stringify(value);
}
