import { UsageError } from "../../runner/base/errors.ts";
import { didYouMean } from "../../runner/base/nearest.ts";
import { plural } from "../../runner/base/text.ts";
import type { DriftAction, DriftPolicy } from "./drift-policy.ts";

/** What is compared of an edition. */
export type EditionShape = {
  readonly rows: number;
  /** In the order of the document; null decimals where it does not say. */
  readonly dimensions: readonly {
    readonly column: string;
    readonly categories: readonly { readonly code: string; readonly decimals: number | null }[];
  }[];
};

/** A change that the policy does not simply accept. */
export type DriftFinding = {
  readonly kind: Exclude<keyof DriftPolicy, "rows_fallen_by">;
  readonly action: "warn" | "fail";
  /** The dimension's column, where it is about one. */
  readonly column: string | null;
  readonly message: string;
  /** The codes it is about, at most a hundred of them. */
  readonly codes: readonly string[];
};

const MOST_CODES = 100;

/** Every change from one edition to the next that is to be told, in the order of the policy. */
export function judgeDrift(before: EditionShape, after: EditionShape, policy: DriftPolicy): DriftFinding[] {
  const findings: DriftFinding[] = [];
  const tell = (
    kind: DriftFinding["kind"],
    action: DriftAction,
    column: string | null,
    message: string,
    codes: readonly string[] = [],
  ): void => {
    if (action !== "accept")
      findings.push({ kind, action, column, message, codes: codes.slice(0, MOST_CODES) });
  };
  const old = new Map(before.dimensions.map((dimension) => [dimension.column, dimension.categories]));
  const now = new Map(after.dimensions.map((dimension) => [dimension.column, dimension.categories]));
  checkNames(policy, [...old.keys(), ...now.keys()]);
  for (const column of now.keys()) {
    if (!old.has(column))
      tell("dimension_added", policy.dimension_added, column, `the dimension "${column}" is new`);
  }
  for (const column of old.keys()) {
    if (!now.has(column))
      tell("dimension_removed", policy.dimension_removed, column, `the dimension "${column}" is gone`);
  }
  const orders = [
    [...old.keys()].filter((column) => now.has(column)),
    [...now.keys()].filter((column) => old.has(column)),
  ];
  const [was, is] = orders.map((order) => order.join(", "));
  if (was !== is)
    tell(
      "dimensions_reordered",
      policy.dimensions_reordered,
      null,
      `the dimensions came as ${was}, now as ${is}`,
    );
  for (const [column, categories] of now) {
    const known = old.get(column);
    if (known === undefined) continue;
    const codes = new Map(categories.map(({ code, decimals }) => [code, decimals]));
    const gone = known.filter(({ code }) => !codes.has(code)).map(({ code }) => code);
    if (gone.length > 0) {
      const action = Object.hasOwn(policy.codes_gone, column)
        ? policy.codes_gone[column]!
        : policy.codes_gone.default;
      tell("codes_gone", action, column, `${countCodes(gone)} of "${column}" gone: ${some(gone)}`, gone);
    }
    const changed = known.filter(({ code, decimals }) => codes.has(code) && codes.get(code) !== decimals);
    if (changed.length > 0) {
      const listed = changed.map(
        ({ code, decimals }) => `${code} ${decimals ?? "none"} → ${codes.get(code) ?? "none"}`,
      );
      const message = `decimals of ${countCodes(changed)} of "${column}" changed: ${some(listed)}`;
      tell(
        "decimals_changed",
        policy.decimals_changed,
        column,
        message,
        changed.map(({ code }) => code),
      );
    }
  }
  const missing = before.rows - after.rows;
  if (missing > before.rows * policy.rows_fallen_by) {
    const share = `${((missing / before.rows) * 100).toFixed(1)} %`;
    const from = `${before.rows.toLocaleString("en-US")} to ${after.rows.toLocaleString("en-US")}`;
    const message = `rows fell by ${share}, from ${from}: at most ${policy.rows_fallen_by * 100} % may be missing`;
    tell("rows_fallen", policy.rows_fallen, null, message);
  }
  return findings;
}

/** A misspelt column would leave its codes unguarded. */
function checkNames(policy: DriftPolicy, columns: readonly string[]): void {
  const wrong = Object.keys(policy.codes_gone).find((name) => name !== "default" && !columns.includes(name));
  if (wrong === undefined) return;
  throw new UsageError(
    "DRIFT_COLUMN_UNKNOWN",
    `drift: codes_gone names "${wrong}", which is no dimension of the dataset`,
    didYouMean(wrong, columns) ?? `it has ${[...new Set(columns)].join(", ")}`,
  );
}

const countCodes = (codes: readonly unknown[]): string => plural(codes.length, "code");

const some = (texts: readonly string[]): string =>
  texts.length <= 5 ? texts.join(", ") : `${texts.slice(0, 5).join(", ")} and ${texts.length - 5} more`;
