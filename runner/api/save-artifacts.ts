import { join } from "node:path";
import { manifestText } from "../artifacts/manifest.ts";
import { customEnvironment } from "../artifacts/metadata.ts";
import type { Invocation } from "../artifacts/metadata.ts";
import { writeSql } from "../artifacts/write-artifacts.ts";
import { writePartsAtomic } from "../base/files.ts";
import { createUnrendered } from "../graph/unrendered.ts";
import type { Compiled } from "../plan/compile.ts";
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

/** `target/manifest.json` and the compiled SQL below `target/compiled/`. */
export async function saveManifest(open: OpenProject, compiled: CompiledNodes): Promise<void> {
  const { parsed, dialect, project, targetFolder, targetPath } = open;
  const text = manifestText(parsed.graph, compiled, {
    ...invocationOf(open),
    adapterType: project.target.type,
    targetPath,
    quoteRelation: (relation) => dialect.quoteRelation(relation),
    unrendered: createUnrendered(project, parsed.graph),
    selectors: Object.fromEntries(
      Array.from(open.selectors.values(), ({ name, description, isDefault, definition }) => [
        name,
        { name, description, default: isDefault, definition },
      ]),
    ),
  });
  await writePartsAtomic(join(targetFolder, "manifest.json"), text);
  saveCompiled(open, compiled);
}

/** The SQL alone: of what was compiled after the manifest was written. */
export function saveCompiled(
  { parsed, targetFolder }: OpenProject,
  compiled: Iterable<[string, Compiled]>,
): void {
  writeSql(targetFolder, "compiled", parsed.graph, compiledFiles(compiled));
}

function* compiledFiles(compiled: Iterable<[string, Compiled]>): Generator<readonly [string, string]> {
  for (const [id, { compiledCode }] of compiled) yield [id, `${compiledCode}\n`];
}
