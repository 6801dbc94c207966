import { isObject } from "../base/json.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { didYouMean } from "../base/nearest.ts";
import { shippedTests } from "../template/builtin-macros.ts";
import type { ShippedTest } from "../template/shipped/shipped-test.ts";

export type ArgumentFault = { readonly message: string; readonly hint: string };

/**
 * What arguments of a shipped test say that its macro cannot see: a test without a bound, between bounds in the wrong order, or of an
 * empty list passes or fails whatever the data are.
 */
export function argumentFaults(name: string, args: JsonObject): readonly ArgumentFault[] {
  const test = byName.get(name);
  return test === undefined || isPlain(test, args) ? none : faultsOf(test, name, args);
}

/** Whether there is nothing that could be wrong, as in nearly all: what tells mistakes is too long to be optimized for the thousands of others. */
function isPlain({ anyOf, oneOf }: ShippedTest, args: JsonObject): boolean {
  if (anyOf !== undefined || oneOf !== undefined) return false;
  for (const key in args) {
    const value = args[key]!;
    if (LIMITS.includes(key) || (Array.isArray(value) && value.length === 0)) return false;
  }
  return true;
}

function faultsOf(test: ShippedTest, name: string, args: JsonObject): readonly ArgumentFault[] {
  const faults: ArgumentFault[] = [];
  const tell = (message: string, hint: string): void => {
    faults.push({ message: `the test "${name}" ${message}`, hint });
  };
  if (test.anyOf && test.anyOf.every((key) => (args[key] ?? null) === null)) {
    const list = test.anyOf.map((key) => `"${key}"`).join(" or ");
    tell(`needs ${list}`, "without, it could not fail");
  }
  for (const key in test.oneOf) {
    const allowed = test.oneOf[key]!;
    const given = args[key] ?? null;
    if (given === null || allowed.some((value) => value === given)) continue;
    const hint = typeof given === "string" ? didYouMean(given, allowed) : undefined;
    tell(
      `knows no "${key}" ${JSON.stringify(given)}`,
      hint ?? `one of ${allowed.map((value) => `"${value}"`).join(", ")}`,
    );
  }
  for (const key of LISTS) {
    if (Array.isArray(args[key]) && args[key].length === 0) {
      tell(`is given no ${key}`, `write them as a list: ${key}: [a, b]`);
    }
  }
  for (const [low, high] of BOUNDS) {
    if (isAbove(args[low], args[high]))
      tell(`has a "${low}" above its "${high}"`, "nothing lies between them");
  }
  for (const key of SHARES) {
    const share = args[key];
    if (typeof share === "number" && (share < 0 || share > 1) && name !== "row_count_near") {
      tell(`takes "${key}" from 0 to 1, found ${share}`, "a share is a part of the whole: 0.05 is 5 %");
    }
  }
  return faults;
}

const byName = new Map(shippedTests.map((test) => [test.name, test]));
const LISTS = ["values", "columns", "key"];
const BOUNDS = [
  ["min_value", "max_value"],
  ["min_share", "max_share"],
] as const;
const SHARES = ["min_share", "max_share", "max_distance"];
const LIMITS = [...BOUNDS.flat(), ...SHARES];
const none: readonly never[] = [];

const isAbove = (low: Json | undefined, high: Json | undefined): boolean =>
  low !== null && high !== null && typeof low === typeof high && !isObject(low) && low! > high!;
