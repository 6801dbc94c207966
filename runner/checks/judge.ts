import type { TestNode } from "../graph/types.ts";
import { plural } from "../base/text.ts";
import { isShare } from "../project/config-schemas.ts";

/** What a test came to in numbers. */
export type Found = {
  /** What `fail_calc` gives: rows that must not be, unless told otherwise. */
  readonly failures: number;
  /** Rows that were looked at; null: not known. */
  readonly rowsChecked: number | null;
  /** What a test of the whole relation measured; null: it measures nothing. */
  readonly measured: number | null;
};

export type Verdict = Found & {
  readonly status: "pass" | "warn" | "fail";
  readonly message: string | null;
};

/** In dbt's words. With severity warn nothing fails; `error_if` is looked at first otherwise. */
export function judge({ config }: Pick<TestNode, "config">, found: Found): Verdict {
  const { failures, rowsChecked } = found;
  const isOver = (comparison: string): boolean => compare(comparison, failures, rowsChecked);
  const told = (what: string, comparison: string): string => {
    const share =
      isShare(comparison) && rowsChecked
        ? ` in ${plural(rowsChecked, "row")} (${percent(failures / rowsChecked)})`
        : "";
    return `Got ${failures} ${failures === 1 ? "result" : "results"}${share}, configured to ${what} if ${comparison}`;
  };
  if (config.severity === "error" && isOver(config.error_if))
    return { ...found, status: "fail", message: told("fail", config.error_if) };
  if (isOver(config.warn_if)) return { ...found, status: "warn", message: told("warn", config.warn_if) };
  return { ...found, status: "pass", message: null };
}

const COMPARISON = /^\s*(=|==|!=|<>|<=|>=|<|>)\s*(-?\d+(?:\.\d+)?)\s*(%?)\s*$/;

/** Of no rows, no share is over anything: nothing was found in nothing. */
function compare(comparison: string, failures: number, rowsChecked: number | null): boolean {
  const [, operator, bound, share] = COMPARISON.exec(comparison)!;
  const limit = Number(bound);
  const value = share === "%" ? (rowsChecked ? (100 * failures) / rowsChecked : 0) : failures;
  switch (operator) {
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
    case "!=":
    case "<>":
      return value !== limit;
    default:
      return value === limit;
  }
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
