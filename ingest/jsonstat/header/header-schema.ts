import type { DocumentProblem } from "../document-error.ts";
import type { PathProblem } from "./locate.ts";

/** What the rest of the reader uses of a dataset's header, once {@link checkHeader} has passed. Everything else is kept as it is. */
export type DatasetHeader = {
  readonly label?: string | null;
  readonly source?: string | null;
  readonly updated?: unknown;
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
    readonly label?: Readonly<Record<string, string | null>> | null;
    readonly child?: Readonly<Record<string, readonly string[]>> | null;
    readonly unit?: Readonly<Record<string, UnitHeader | null>> | null;
  };
};

export type UnitHeader = Readonly<Record<string, unknown>>;

type Check = (value: unknown, path: readonly string[]) => readonly PathProblem[];

/** Checks of shape for a dataset and for one dimension. zod is loaded only here, and tolerates what it does not know. */
export async function loadHeaderChecks(): Promise<{ readonly dataset: Check; readonly dimension: Check }> {
  const { z } = await import("zod");
  const text = z.string().nullish();
  const whole = z.union([z.number().int().nonnegative(), z.string().regex(/^\d{1,16}$/)], {
    error: "expected a whole number that is not negative",
  });
  const role = z.union([z.string(), z.array(z.string())]).nullish();
  const roles = z.looseObject({ time: role, geo: role, metric: role }).nullish();
  const frame = { id: z.array(z.string()).nullish(), size: z.array(whole).nullish(), role: roles };
  const dataset = z.looseObject({
    label: text,
    source: text,
    ...frame,
    dimension: z.looseObject({}, { error: "expected an object of dimensions" }),
  });
  const dimension = z.looseObject({
    label: text,
    category: z.looseObject({
      index: z
        .union([z.array(z.string()), z.record(z.string(), whole)], {
          error: "expected a list of codes, or an object of code and position",
        })
        .nullish(),
      label: z.record(z.string(), text).nullish(),
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
        code: "HEADER_INVALID" satisfies DocumentProblem["code"],
        message: `${[...path, ...issue.path].map(String).join(".")}: ${lowerFirst(issue.message)}`,
        path: [...path, ...issue.path.map(String)],
      }));
    };
  return { dataset: check(dataset), dimension: check(dimension) };
}

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);
