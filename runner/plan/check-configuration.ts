import type { Problem } from "../base/problems.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { ModelConfig, ModelNode } from "../graph/types.ts";
import { checkAudit } from "./before-publishing.ts";
import { checkIncremental } from "./check-incremental.ts";
import { checkExternal } from "./external/check-external.ts";
import type { ExternalPlaces } from "./external/external-path.ts";
import { checkIndexes } from "./indexes.ts";
import { checkLayout } from "./layout.ts";
import { checkMaterialized } from "./materialized/check-materialized.ts";
import { checkQuarantine } from "./quarantine.ts";

/** Tells what of a model's configuration cannot be obeyed, or contradicts itself. Thousands of models may have one: it is looked into once. */
export function configurationChecks(
  dialect: Dialect,
  places: ExternalPlaces,
): (node: ModelNode) => readonly Problem[] {
  const sound = new Set<ModelConfig>();
  return (node) => {
    if (sound.has(node.config)) return none;
    const problems = [
      ...checkIncremental(node, dialect),
      ...checkExternal(node, dialect, places),
      ...checkIndexes(node),
      ...checkLayout(node, dialect),
      ...checkMaterialized(node, dialect),
      ...checkAudit(node),
      ...checkQuarantine(node),
    ];
    // The file of an external model may be named after it.
    if (problems.length === 0 && node.config.materialized !== "external") sound.add(node.config);
    return problems;
  };
}

const none: readonly never[] = [];
