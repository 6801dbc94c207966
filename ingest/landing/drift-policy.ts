import type { DriftConfig } from "../../runner/project/project-schema.ts";

/** `accept` says nothing, `warn` lands and tells, `fail` keeps the edition aside until it is accepted by hand. */
export type DriftAction = "accept" | "warn" | "fail";

/** What is done about each kind of change between two editions. */
export type DriftPolicy = {
  /** What a row is changes: sums count twice, keys are no longer unique. */
  readonly dimension_added: DriftAction;
  readonly dimension_removed: DriftAction;
  /** Columns are read by name, so this seldom matters. */
  readonly dimensions_reordered: DriftAction;
  /** By column; `default` stands for those that are not named. */
  readonly codes_gone: Readonly<Record<string, DriftAction>> & { readonly default: DriftAction };
  readonly decimals_changed: DriftAction;
  readonly rows_fallen: DriftAction;
  /** A share of the rows before: as many may be missing. */
  readonly rows_fallen_by: number;
};

/** What breaks models fails, what a publisher does now and then is told. */
export const DEFAULT_DRIFT: DriftPolicy = {
  dimension_added: "fail",
  dimension_removed: "fail",
  dimensions_reordered: "warn",
  codes_gone: { default: "warn" },
  decimals_changed: "warn",
  rows_fallen: "fail",
  rows_fallen_by: 0.25,
};

/** Whether no change would be told, so that the edition before need not be looked at. */
export const acceptsAll = ({ codes_gone: codes, ...rest }: DriftPolicy): boolean =>
  [...Object.values(rest), ...Object.values(codes)].every(
    (action) => action === "accept" || typeof action === "number",
  );

/** The defaults, changed by each configuration in turn: the project's, then the dataset's. */
export function driftPolicy(...configs: readonly (DriftConfig | undefined)[]): DriftPolicy {
  let policy = DEFAULT_DRIFT;
  for (const config of configs) {
    if (config === undefined) continue;
    const { codes_gone: codes, ...rest } = config;
    const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    const codesGone =
      codes === undefined
        ? policy.codes_gone
        : typeof codes === "string"
          ? { default: codes }
          : { ...policy.codes_gone, ...codes };
    policy = { ...policy, ...said, codes_gone: codesGone };
  }
  return policy;
}
