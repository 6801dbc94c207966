import { modelConfig, seedConfig, snapshotConfig } from "../../../../runner/graph/complete-config.ts";
import type {
  ModelConfig,
  ModelNode,
  Relation,
  SeedConfig,
  SeedNode,
  SnapshotConfig,
  SnapshotNode,
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
  docBlocks: [],
  tags: [],
  meta: {},
  said: { config: {}, call: {} },
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
    version: null,
    latestVersion: null,
    deprecationDate: null,
    rawCode: "",
    constraints: [],
    references: { refs: [], sources: [] },
    config: {
      ...modelConfig({ materialized: "table" }),
      ...config,
    },
  };
}

export function seedNode(name: string, config: Partial<SeedConfig> = {}): SeedNode {
  return {
    ...common(name, "seed", relation(name)),
    resourceType: "seed",
    textChecksum: "",
    config: {
      ...seedConfig({}),
      ...config,
    },
  };
}

export function snapshotNode(name: string, config: Partial<SnapshotConfig> = {}): SnapshotNode {
  return {
    ...common(name, "model", relation(name)),
    uniqueId: `snapshot.shop.${name}`,
    resourceType: "snapshot",
    rawCode: "",
    references: { refs: [], sources: [] },
    config: { ...snapshotConfig({ unique_key: ["id"] }), ...config },
  };
}
