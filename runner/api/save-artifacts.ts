import type { JsonObject } from "../base/json.ts";
import { manifest } from "../artifacts/manifest.ts";
import { customEnvironment } from "../artifacts/metadata.ts";
import type { Invocation } from "../artifacts/metadata.ts";
import { writeArtifact, writeSql } from "../artifacts/write-artifacts.ts";
import type { CompiledNodes } from "./compile-nodes.ts";
import type { OpenProject } from "./open-project.ts";

export function invocationOf(open: OpenProject): Invocation {
  const { invocationId, startedAt, effects } = open;
  return {
    invocationId,
    startedAt,
    generatedAt: effects.now().toISOString(),
    env: customEnvironment(effects.env),
  };
}

/** `target/manifest.json` and the compiled SQL below `target/compiled/`. Returns the manifest. */
export function saveManifest(open: OpenProject, compiled: CompiledNodes): JsonObject {
  const { parsed, dialect, project, targetFolder, targetPath } = open;
  const built = manifest(parsed.graph, compiled, {
    ...invocationOf(open),
    adapterType: project.target.type,
    targetPath,
    quoteRelation: (relation) => dialect.quoteRelation(relation),
  });
  writeArtifact(targetFolder, "manifest.json", built);
  writeSql(
    targetFolder,
    "compiled",
    parsed.graph,
    new Map([...compiled].map(([id, { compiledCode }]) => [id, `${compiledCode}\n`])),
  );
  return built;
}
