import type { Json, JsonObject } from "../base/json.ts";
import type { ColumnProperties, TestProperties } from "../project/types.ts";
import { argumentFaults } from "./test-arguments.ts";
import type { ArgumentFault } from "./test-arguments.ts";
import { argumentsInName } from "./naming.ts";
import { hashedOf } from "./test-hash.ts";
import { TestCode, testPlan } from "./test-code.ts";
import type { TestPlan } from "./test-code.ts";
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
  /** The same for tests that differ in nothing but their node and their literal arguments: the names of these, and of others what they say, as calls may refer to something. */
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
  /** How it is written, by the names of the arguments. */
  readonly plans: Map<string, TestPlan>;
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
    const { kind, forms, plain } = this.#known.get(test.test) ?? this.#learn(test.test);
    if (kind === null) return null;
    const isPlain = hasNone(test.arguments) && column?.quote === false;
    const same = isPlain ? plain.get(column.name) : undefined;
    if (same !== undefined) return same;
    const given = isPlain ? "{}" : JSON.stringify(test.arguments);
    // JSON has one word for what is not there and for numbers that it has no word for.
    if (given.includes("null")) return formOf(kind, test, column, given);
    const key = column === null ? given : `${column.quote ? "!" : "."}${column.name}\n${given}`;
    let form = forms.get(key);
    if (form === undefined) forms.set(key, (form = formOf(kind, test, column, given)));
    if (isPlain) plain.set(column.name, form);
    return form;
  }

  #learn(test: string): Known {
    const [namespace, name] = namesOf(test);
    const definition = findTest(this.#workshop.library, name, namespace, this.#workshop.package);
    const beginning = `${namespace === null ? "" : `${namespace}_`}${name}_`;
    const kind =
      definition === undefined ? null : { name, namespace, definition, beginning, plans: new Map() };
    const known: Known = { kind, forms: new Map(), plain: new Map() };
    this.#known.set(test, known);
    return known;
  }
}

/** Most tests say all by their names. */
function hasNone(args: JsonObject): boolean {
  for (const _ in args) return false;
  return true;
}

type Known = {
  readonly kind: TestKind | null;
  /** By the column and the arguments. */
  readonly forms: Map<string, TestForm>;
  /** Of those that say all by their names, by the column. */
  readonly plain: Map<string, TestForm>;
};

/** `other.unique` is the package `other`'s. */
export function namesOf(test: string): [namespace: string | null, name: string] {
  const dot = test.lastIndexOf(".");
  return dot === -1 ? [null, test] : [test.slice(0, dot), test.slice(dot + 1)];
}

/** `given`: its arguments as JSON. */
function formOf(
  kind: TestKind,
  test: TestProperties,
  column: ColumnProperties | null,
  given: string,
): TestForm {
  const { name, namespace, definition } = kind;
  const args: JsonObject = column === null ? test.arguments : { column_name: column.name, ...test.arguments };
  // Where there is no bracket there is no call, and nothing to look for in each text.
  const spelled = given.includes("(") ? spell : spellPlain;
  const names = Object.keys(args);
  const values: string[] = [];
  let shape = test.test;
  for (let i = 0; i < names.length; i++) {
    const key = names[i]!;
    const value = args[key]!;
    const isColumn = key === "column_name" && column !== null && isOdd(column);
    const text = isColumn ? `identifier(${quote(column.name)})` : spelled(value);
    values.push(text);
    shape += spelled === spell && holdsCall(value) ? `, ${key}=${text}` : `, ${key}`;
  }
  // dbt's names and ids have a column that is to be quoted in its quotes.
  const named: JsonObject = column?.quote === true ? { ...args, column_name: `"${column.name}"` } : args;
  const sorted = names.toSorted();
  return {
    kind,
    arguments: args,
    columnName: column?.name ?? null,
    ending: argumentsInName(named, sorted),
    hashed: hashedOf(name, namespace, named, sorted),
    faults: isShipped(definition) ? argumentFaults(name, args) : noFaults,
    code: new TestCode(planOf(kind, names), values),
    shape,
  };
}

const noFaults: readonly ArgumentFault[] = [];

function planOf({ namespace, definition, plans }: TestKind, names: readonly string[]): TestPlan {
  const key = names.join("\n");
  let plan = plans.get(key);
  if (plan === undefined) plans.set(key, (plan = testPlan(definition, namespace, names)));
  return plan;
}

const quote = (text: string): string => JSON.stringify(text);

/** What is described under `columns:` is a column, even where its name looks like an expression; it must be quoted then. */
const isOdd = ({ name, quote }: ColumnProperties): boolean => quote || !PLAIN.test(name);
const PLAIN = /^[A-Za-z_]\w*$/;

/** `to: ref('x')` is meant as a call, as in dbt; everything else as it stands. */
const CALL = /^\s*(?:\{\{)?\s*((?:ref|source|var|env_var)\s*\(.*\))\s*(?:\}\})?\s*$/s;

function holdsCall(value: Json): boolean {
  if (typeof value === "string") return CALL.test(value);
  return typeof value === "object" && value !== null && Object.values(value).some(holdsCall);
}

const spell = (value: Json): string => spelledBy(value, (text) => CALL.exec(text)?.[1] ?? quote(text));
const spellPlain = (value: Json): string => spelledBy(value, quote);

function spelledBy(value: Json, ofText: (text: string) => string): string {
  if (typeof value === "string") return ofText(value);
  if (Array.isArray(value)) {
    let text = "";
    for (let i = 0; i < value.length; i++)
      text += (i === 0 ? "" : ", ") + spelledBy(value[i] as Json, ofText);
    return `[${text}]`;
  }
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${quote(key)}: ${spelledBy(item, ofText)}`)
      .join(", ")}}`;
  }
  return JSON.stringify(value);
}
