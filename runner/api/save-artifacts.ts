import { join } from "node:path";
import { manifestHead, manifestRest } from "../artifacts/manifest.ts";
import type { ManifestFacts } from "../artifacts/manifest.ts";
import { customEnvironment } from "../artifacts/metadata.ts";
import type { Invocation } from "../artifacts/metadata.ts";
import { writeSql } from "../artifacts/write-artifacts.ts";
import { writePartsAtomic } from "../base/files.ts";
import { createUnrendered } from "../graph/unrendered.ts";
import type { Compiled } from "../plan/compile.ts";
import type { Reading } from "../plan/portion.ts";
import { isPlain } from "./compile-nodes.ts";
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

/**
 * `target/manifest.json` and the compiled SQL below `target/compiled/`. A manifest that says the same of the same project is copied but for
 * its head.
 */
export async function saveManifest(
  open: OpenProject,
  compiled: CompiledNodes,
  reading: Reading = {},
): Promise<void> {
  const { parsed, dialect, project, targetFolder, targetPath, kept } = open;
  const facts: ManifestFacts = {
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
  };
  kept.keep(isPlain(open, reading) ? compiled : new Map());
  const path = join(targetFolder, "manifest.json");
  const head = manifestHead(parsed.graph, facts);
  const manifest = kept.manifestAt(path, compiled, [targetPath, facts.selectors!]);
  const copying = manifest.copy(head);
  copying.catch(() => undefined);
  // While the disk is at work.
  writeSql(targetFolder, "compiled", parsed.graph, compiledFiles(compiled));
  if (await copying) return;
  await writePartsAtomic(path, inOrder([head], manifestRest(parsed.graph, compiled, facts)));
  manifest.written(Buffer.byteLength(head));
}

function* inOrder<T>(...all: readonly Iterable<T>[]): Generator<T> {
  for (const one of all) yield* one;
}

function* compiledFiles(compiled: Iterable<[string, Compiled]>): Generator<readonly [string, string]> {
  for (const [id, { compiledCode }] of compiled) yield [id, `${compiledCode}\n`];
}
