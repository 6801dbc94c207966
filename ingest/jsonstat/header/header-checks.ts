import * as z from "zod";
import { isObject } from "../../../runner/base/json.ts";
import type { Check, HeaderChecks } from "./header-schema.ts";

type Test = (value: unknown) => boolean;

/** Made of schemas that tolerate what they do not know. */
export function headerChecks(): HeaderChecks {
  const text = z.string().nullish();
  const whole = z.custom<number | string>(isWhole, "expected a whole number from 0");
  const role = z.union([z.string(), z.array(z.string())]).nullish();
  const roles = z.looseObject({ time: role, geo: role, metric: role }).nullish();
  const frame = { id: z.array(z.string()).nullish(), size: z.array(whole).nullish(), role: roles };
  const dataset = z.looseObject({
    ...frame,
    dimension: z.looseObject({}, { error: "expected an object of dimensions" }),
  });
  /** An object whose members pass, or a list whose elements do. `z.record` would copy an index of a hundred thousand codes. */
  const each = (isMember: Test, expected: string, isElement?: Test) =>
    z.unknown().superRefine((value, context) => {
      const isList = Array.isArray(value) && isElement !== undefined;
      if (!isList && !isObject(value)) {
        return context.addIssue({ code: "custom", message: `expected an object of ${expected}` });
      }
      const members = value as Readonly<Record<string, unknown>>;
      const wrong = Object.keys(members).find((key) => !(isList ? isElement : isMember)(members[key]));
      if (wrong === undefined) return;
      const found = shorten(members[wrong]);
      const message = isList ? `expected a code, not ${found}` : `expected ${expected}, not ${found}`;
      context.addIssue({ code: "custom", path: [wrong], message });
    });
  const dimension = z.looseObject({
    label: text,
    category: z.looseObject({
      index: each(isWhole, "positions from 0", isText).nullish(),
      label: each(isLabel, "texts").nullish(),
      child: z.record(z.string(), z.array(z.string())).nullish(),
      unit: z.record(z.string(), z.looseObject({}).nullish()).nullish(),
    }),
  });
  const check =
    (schema: typeof dataset | typeof dimension): Check =>
    (value, path) => {
      const result = schema.safeParse(value);
      if (result.success) return [];
      return result.error.issues.slice(0, 20).map((issue) => ({
        code: "HEADER_INVALID",
        message: `"${[...path, ...issue.path].map(String).join(".")}": ${lowerFirst(issue.message)}`,
        path: [...path, ...issue.path.map(String)],
      }));
    };
  return { dataset: check(dataset), dimension: check(dimension) };
}

/** Old services write numbers as texts. */
const isWhole: Test = (value) =>
  typeof value === "string" ? /^\d{1,16}$/.test(value) : Number.isInteger(value) && (value as number) >= 0;
const isText: Test = (value) => typeof value === "string";
const isLabel: Test = (value) => typeof value === "string" || typeof value === "number" || value === null;
const shorten = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 60);

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);
