import type {
  ModelConfig,
  ModelNode,
  Relation,
  SeedConfig,
  SeedNode,
} from "../../../../runner/graph/types.ts";

/** Nodes as the graph would make them, with everything that a test does not care about left at its default. */
const common = (name: string, kind: "model" | "seed", relation: Relation) => ({
  uniqueId: `${kind}.shop.${name}`,
  name,
  packageName: "shop",
  path: `${name}.sql`,
  originalFilePath: kind === "model" ? `models/${name}.sql` : `seeds/${name}.csv`,
  fqn: ["shop", name],
  description: "",
  tags: [],
  meta: {},
  columns: new Map(),
  patchPath: null,
  checksum: "",
  dependsOn: { nodes: [], macros: [] },
  place: { file: kind === "model" ? `models/${name}.sql` : `seeds/${name}.csv`, line: 1, column: 1 },
  alias: name,
  relation,
});

const relation = (identifier: string): Relation => ({ database: null, schema: "shop", identifier });

export function modelNode(name: string, config: Partial<ModelConfig> = {}, at = relation(name)): ModelNode {
  return {
    ...common(name, "model", at),
    resourceType: "model",
    rawCode: "",
    references: { refs: [], sources: [] },
    config: {
      enabled: true,
      tags: [],
      meta: {},
      materialized: "table",
      incremental_strategy: "append",
      unique_key: [],
      merge_update_columns: null,
      merge_exclude_columns: null,
      incremental_predicates: [],
      full_refresh: null,
      schema: null,
      alias: null,
      docs: { show: true, node_color: null },
      ...config,
    },
  };
}

export function seedNode(name: string, config: Partial<SeedConfig> = {}): SeedNode {
  return {
    ...common(name, "seed", relation(name)),
    resourceType: "seed",
    config: {
      enabled: true,
      tags: [],
      meta: {},
      column_types: {},
      delimiter: ",",
      schema: null,
      alias: null,
      docs: { show: true, node_color: null },
      ...config,
    },
  };
}
