import { didYouMean } from "../base/nearest.ts";
import type { ModelProperties } from "../project/types.ts";
import { pointedTo } from "./foreign-keys.ts";
import type { ModelConfig, ModelConstraint } from "./types.ts";
import { report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** What must hold of a model's rows, those of its columns first; what cannot be meant is a problem. */
export function modelConstraints(
  workshop: Workshop,
  properties: ModelProperties | undefined,
  config: ModelConfig,
  file: string,
): readonly ModelConstraint[] {
  if (config.contract.enforced) checkContract(workshop, properties, config, file);
  if (properties === undefined || !hasConstraints(properties)) return none;
  const { place, columns } = properties;
  const constraints = [
    ...columns.flatMap((column) => column.constraints.map((each) => ({ ...each, columns: [column.name] }))),
    ...properties.constraints,
  ];
  const names = columns.map(({ name }) => name);
  for (const constraint of constraints) {
    const { type, expression } = constraint;
    if ((type === "check") !== (expression !== null))
      report(
        workshop,
        place,
        "CONSTRAINT_INVALID",
        type === "check" ? `a check has no expression` : `"${type}" takes no expression`,
        '- {type: check, expression: "value >= 0"}',
      );
    if (type !== "check" && constraint.columns.length === 0)
      report(workshop, place, "CONSTRAINT_INVALID", `"${type}" names no columns`, "columns: [geo, year]");
    for (const name of constraint.columns)
      if (!names.includes(name))
        report(
          workshop,
          place,
          "COLUMN_UNKNOWN",
          `a constraint names "${name}", which is not among the columns`,
          didYouMean(name, names),
        );
  }
  const pointing = constraints.map((constraint) => pointedTo(workshop, constraint, place));
  const { materialized, incremental_strategy: strategy } = config;
  const isUnbuilt =
    materialized === "ephemeral" || (materialized === "incremental" && strategy === "microbatch");
  if (isUnbuilt && constraints.some(({ warnUnsupported }) => warnUnsupported))
    report(
      workshop,
      place,
      "CONSTRAINT_UNSUPPORTED",
      `constraints do not hold of ${materialized === "ephemeral" ? "an ephemeral model" : "batches"}`,
      "write data tests instead, or say warn_unsupported: false of each that may be left out",
    );
  return constraints.map((each, i) => ({ ...each, pointsTo: pointing[i]!, other: null }));
}

/** Of the many models that have none. */
const none: readonly ModelConstraint[] = [];

function hasConstraints({ constraints, columns }: ModelProperties): boolean {
  for (let i = 0; i < columns.length; i++) if (columns[i]!.constraints.length > 0) return true;
  return constraints.length > 0;
}

/** A contract says of every column what type it has. */
function checkContract(
  workshop: Workshop,
  properties: ModelProperties | undefined,
  { materialized }: ModelConfig,
  file: string,
): void {
  const place = properties?.place ?? { file, line: 1, column: 1 };
  if (materialized === "ephemeral")
    report(
      workshop,
      place,
      "CONTRACT_UNSUPPORTED",
      "an ephemeral model has no contract: it is no relation",
      "materialize it, or take the contract away",
    );
  if ((properties?.columns ?? []).length === 0)
    report(
      workshop,
      place,
      "CONTRACT_INCOMPLETE",
      "the contract is enforced, and no columns are listed",
      "list every column with its data_type",
    );
  for (const { name, dataType, place: at } of properties?.columns ?? [])
    if (dataType === null)
      report(
        workshop,
        at,
        "CONTRACT_INCOMPLETE",
        `the contract does not say the type of "${name}"`,
        "give it a data_type",
      );
}
