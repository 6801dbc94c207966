import { join } from "node:path";
import { manifestHead } from "../artifacts/manifest-head.ts";
import { manifestEntry, manifestRest } from "../artifacts/manifest.ts";
import type { ManifestFacts, OnEntry } from "../artifacts/manifest.ts";
import type { Invocation } from "../artifacts/metadata.ts";
import { LIST } from "../artifacts/sql-folder.ts";
import type { DiskThread } from "../artifacts/beside/disk-thread.ts";
import { filesOf, sqlThread, writeSqlBeside } from "../artifacts/write-artifacts.ts";
import { writePiecesAtomic } from "../base/files.ts";
import { createUnrendered } from "../graph/unrendered.ts";
import type { Reading } from "../plan/portion.ts";
import { isPlain } from "./compile-input.ts";
import type { CompiledNodes } from "./compile-nodes.ts";
import type { OpenProject } from "./open-project.ts";
import type { KeptManifest } from "./parse-cache/kept-manifest.ts";
import { numberOf } from "./parse-cache/manifest-notes.ts";

export function invocationOf(open: OpenProject): Invocation {
  const { invocationId, startedAt, effects } = open;
  return {
    invocationId,
    startedAt,
    generatedAt: effects.now().toISOString(),
    env: open.customEnv,
  };
}

/** What was left for whoever looks for it: a hash of what the manifest says but for the run, and the number of the list of SQL files. */
export type Saved = { readonly said: string; readonly list: string };

/**
 * `target/manifest.json` and the compiled SQL below `target/compiled/`. Of a manifest of the same project, what says the same is
 * copied. `given`: has been given the SQL already. Gives undefined where it is not known for the next time what was left.
 */
export async function saveManifest(
  open: OpenProject,
  compiled: CompiledNodes,
  reading: Reading = {},
  given?: DiskThread,
): Promise<Saved | undefined> {
  const { parsed, targetFolder, kept } = open;
  const facts = factsOf(open);
  kept.keep(isPlain(open, reading) ? compiled : new Map());
  const path = manifestPath(open);
  const head = manifestHead({ ...facts, projectName: parsed.graph.projectName });
  const manifest = keptManifestOf(open, compiled, facts);
  const renewing = manifest?.renew(head, manifestEntry(parsed.graph, compiled, facts));
  renewing?.catch(() => undefined);
  const sql = { graph: parsed.graph, texts: () => codesOf(compiled) };
  const thread = given ?? threadOf(open, compiled);
  // While the disk is at work.
  await writeSqlBeside(targetFolder, "compiled", sql, thread, async () => {
    if (await renewing) return;
    const places: number[] = [];
    const note: OnEntry = (number, begin, bytes) => {
      places[2 * number] = begin;
      places[2 * number + 1] = bytes;
    };
    if (manifest !== null) places.length = 2 * parsed.graph.nodes.size;
    const rest = manifestRest(parsed.graph, compiled, facts, manifest === null ? undefined : note);
    const start = Buffer.from(head);
    await writePiecesAtomic(path, after(start, rest));
    manifest?.written(start.length, places);
  });
  const list = numberOf(join(targetFolder, "compiled", LIST));
  return manifest && list !== undefined ? { said: manifest.said(), list } : undefined;
}

/** Keeps the manifest that a run will write which compiles this; gives what `Saved` has of it. */
export async function foreseeManifest(
  open: OpenProject,
  compiled: CompiledNodes,
): Promise<string | undefined> {
  const facts = factsOf(open);
  const manifest = keptManifestOf(open, compiled, facts);
  const isKept = await manifest?.foresee(manifestEntry(open.parsed.graph, compiled, facts));
  return isKept === true ? manifest!.said() : undefined;
}

const manifestPath = ({ targetFolder }: OpenProject): string => join(targetFolder, "manifest.json");

const keptManifestOf = (
  open: OpenProject,
  compiled: CompiledNodes,
  facts: ManifestFacts,
): KeptManifest | null =>
  open.kept.manifestAt(manifestPath(open), compiled, [open.targetPath, facts.selectors!]);

function factsOf(open: OpenProject): ManifestFacts {
  const { parsed, dialect, project, targetPath } = open;
  return {
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
}

function* after(first: Uint8Array, rest: Iterable<Uint8Array>): Generator<Uint8Array> {
  yield first;
  yield* rest;
}

function threadOf(
  { targetFolder, parsed, disk }: OpenProject,
  compiled: CompiledNodes,
): DiskThread | undefined {
  const thread = sqlThread(targetFolder, "compiled", compiled.size, disk);
  if (thread !== undefined)
    for (const [file, code] of filesOf(parsed.graph, codesOf(compiled))) thread.put(file, code);
  return thread;
}

function* codesOf(compiled: CompiledNodes): Generator<readonly [id: string, code: string]> {
  for (const [id, { compiledCode }] of compiled) yield [id, compiledCode];
}
