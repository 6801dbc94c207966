import { isObject } from "../../../runner/base/json.ts";
import type { PathProblem } from "./locate.ts";

/** What the rest of the reader uses of a dataset's header, once {@link checkHeader} has passed. Everything else is kept as it is. */
export type DatasetHeader = {
  readonly id?: readonly string[];
  readonly size?: readonly (number | string)[];
  readonly role?: RoleHeader | null;
  readonly status?: unknown;
  readonly value?: unknown;
  readonly extension?: unknown;
  /** 1.x keeps `id`, `size` and `role` in here, among the dimensions. */
  readonly dimension: Readonly<Record<string, unknown>>;
};

export type RoleHeader = Readonly<
  Partial<Record<"time" | "geo" | "metric", string | readonly string[] | null>>
>;

export type DimensionHeader = {
  readonly label?: string | null;
  readonly category: {
    readonly index?: readonly string[] | Readonly<Record<string, number | string>> | null;
    readonly label?: Readonly<Record<string, string | number | null>> | null;
    readonly child?: Readonly<Record<string, readonly string[]>> | null;
    readonly unit?: Readonly<Record<string, UnitHeader | null>> | null;
  };
};

export type UnitHeader = Readonly<Record<string, unknown>>;

type Check = (value: unknown, path: readonly string[]) => readonly PathProblem[];

type Test = (value: unknown) => boolean;

/** Checks of shape for a dataset and for one dimension. zod is loaded only here, and tolerates what it does not know. */
export async function loadHeaderChecks(): Promise<{ readonly dataset: Check; readonly dimension: Check }> {
  const { z } = await import("zod");
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
        message: `${[...path, ...issue.path].map(String).join(".")}: ${lowerFirst(issue.message)}`,
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
