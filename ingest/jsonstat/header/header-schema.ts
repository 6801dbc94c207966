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

export type Check = (value: unknown, path: readonly string[]) => readonly PathProblem[];
export type HeaderChecks = { readonly dataset: Check; readonly dimension: Check };

/** Checks of shape for a dataset and for one dimension. zod is loaded only with them. */
export const loadHeaderChecks = async (): Promise<HeaderChecks> =>
  (await import("./header-checks.ts")).headerChecks();
