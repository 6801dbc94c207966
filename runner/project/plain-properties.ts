import type * as z from "zod";
import { isObject } from "../base/json.ts";
import { columnSchema, modelSchema, propertyFileSchema } from "./property-schema.ts";
import type { ColumnEntry, ModelEntry, PropertyFile, TestEntry } from "./property-schema.ts";

/**
 * What the schema makes of a property file, where models and columns are written as most are: names, descriptions, types and lists of
 * tests are looked at here, and only what else is said of them is given to zod, key by key; undefined: the schema must say what is wrong. Of
 * 10,000 models with 40,000 columns that spares 115 MB of 119 and as many milliseconds. A property test holds the two to the same.
 */
export function plainPropertyFile(value: unknown): PropertyFile | undefined {
  if (!isObject(value)) return undefined;
  const made = emptyFile();
  return fill(made, value, propertyFileSchema.shape, plainSection) ? made : undefined;
}

/** What a key's value comes to, where it is known without its schema. */
type Known = (key: string, value: unknown) => unknown;
/** The value is not of the usual form: its schema is asked. */
const UNUSUAL = Symbol("unusual");

/** Puts what is said into `made`, which has what holds where nothing is said; false where the schema does not agree with it. */
function fill(made: object, said: Readonly<Record<string, unknown>>, shape: Shape, known: Known): boolean {
  const into = made as Record<string, unknown>;
  for (const key in said) {
    if (!Object.hasOwn(said, key)) return false;
    let value = known(key, said[key]);
    if (value === UNUSUAL) {
      if (!Object.hasOwn(shape, key)) return false;
      const parsed = shape[key]!.safeParse(said[key]);
      if (!parsed.success) return false;
      value = parsed.data;
    }
    into[key] = value;
  }
  return true;
}
type Shape = Readonly<Record<string, z.ZodType>>;

/** Shared by all that say nothing. */
const none: never[] = [];
const nothing = {};

const emptyFile = (): PropertyFile => ({
  models: none,
  seeds: none,
  snapshots: none,
  sources: none,
  macros: none,
  data_tests: none,
  exposures: none,
  unit_tests: none,
  groups: none,
});

function plainSection(key: string, value: unknown): unknown {
  return key === "models" ? each(value, plainModel) : UNUSUAL;
}

function plainModel(value: unknown): ModelEntry | undefined {
  if (!isObject(value) || !isName(value["name"])) return undefined;
  const made: ModelEntry = {
    name: value["name"],
    description: "",
    columns: none,
    tests: none,
    data_tests: none,
    constraints: none,
    config: nothing,
    versions: none,
  };
  return fill(made, value, modelSchema.shape, plainModelKey) ? made : undefined;
}

function plainModelKey(key: string, value: unknown): unknown {
  return key === "columns" ? each(value, plainColumn) : plainKey(key, value);
}

function plainColumn(value: unknown): ColumnEntry | undefined {
  if (!isObject(value) || !isName(value["name"])) return undefined;
  const made: ColumnEntry = {
    name: value["name"],
    description: "",
    data_type: undefined,
    meta: nothing,
    tags: none,
    quote: false,
    constraints: none,
    tests: none,
    data_tests: none,
  };
  return fill(made, value, columnSchema.shape, plainKey) ? made : undefined;
}

function plainKey(key: string, value: unknown): unknown {
  if (key === "name" || key === "description" || key === "data_type")
    return typeof value === "string" && (value !== "" || key !== "name") ? value : UNUSUAL;
  return key === "tests" || key === "data_tests" ? plainTests(value) : UNUSUAL;
}

const isName = (value: unknown): value is string => typeof value === "string" && value !== "";

/** Names of tests, or maps, which are looked into by whoever reads tests. */
function plainTests(value: unknown): readonly TestEntry[] | typeof UNUSUAL {
  if (!Array.isArray(value)) return UNUSUAL;
  for (const test of value as unknown[]) if (typeof test !== "string" && !isPlainMap(test)) return UNUSUAL;
  return value as readonly TestEntry[];
}

const isPlainMap = (value: unknown): boolean =>
  isObject(value) && Object.getPrototypeOf(value) === Object.prototype && !Object.hasOwn(value, "__proto__");

function each<Entry>(value: unknown, plain: (entry: unknown) => Entry | undefined): Entry[] | typeof UNUSUAL {
  if (!Array.isArray(value)) return UNUSUAL;
  const made: Entry[] = [];
  for (const item of value as unknown[]) {
    const entry = plain(item);
    if (entry === undefined) return UNUSUAL;
    made.push(entry);
  }
  return made;
}
