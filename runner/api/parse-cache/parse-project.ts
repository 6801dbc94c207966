import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildId } from "../../base/build-id.ts";
import { sha256 } from "../../base/hash.ts";
import type { Problem } from "../../base/problems.ts";
import { buildGraph } from "../../graph/build-graph.ts";
import { decodeGraph, isGraphIndex } from "../../graph/decode-graph.ts";
import type { ParsedProject } from "../../graph/parsed-project.ts";
import { patchModels } from "../../graph/patch-models.ts";
import { readDocs } from "../../graph/read-docs.ts";
import { readMacros } from "../../graph/read-macros.ts";
import { FOLDERS, findPaths, readTextFile } from "../../project/find-files.ts";
import { projectFileIn } from "../../project/find-project.ts";
import type { FoundPaths } from "../../project/find-files.ts";
import type { FilesAhead } from "../../project/ahead/read-ahead.ts";
import { contentsOnDemand, readContents } from "../../project/read-contents.ts";
import { readHead, renderOf } from "../../project/read-project.ts";
import type { ProjectHead, ReadProjectOptions } from "../../project/read-project.ts";
import type { Project } from "../../project/types.ts";
import { stampsOf, unpackStamps } from "../../project/stamps.ts";
import type { Stamps } from "../../project/stamps.ts";
import { withPathsAsPlaces } from "../../project/yaml.ts";
import { scriptCalls } from "../../template/call-script.ts";
import type { MacroLibrary } from "../../template/macro-library.ts";
import { heldTo, identityOf, inputsOf } from "./inputs.ts";
import { Keeper } from "./keeper.ts";
import { besidePatch, nothingKept } from "./kept-project.ts";
import type { KeptProject } from "./kept-project.ts";
import { hashOfEnv, recordEnv } from "./recorded-env.ts";
import { readBody, readHeader } from "./store.ts";

export type ReadAndParsed = {
  readonly project: Project;
  readonly parsed: ParsedProject;
  readonly kept: KeptProject;
};

export type CacheOptions = {
  /** Where parsed projects are kept; undefined: nowhere. */
  readonly folder: string | undefined;
  /** Of the program itself; undefined: its sources may be edited at any time, and nothing is kept. */
  readonly build?: string | undefined;
  readonly now: () => Date;
  /** Of this project, if somebody reads it already. */
  readonly ahead?: FilesAhead | undefined;
};

type Rendering = Pick<ReadProjectOptions, "env" | "renderer">;

/**
 * Reads and parses a project, or takes what an earlier process made of the same files, configuration, variables and target; throws every
 * mistake of it, together with `found`.
 */
export async function parseProject(
  root: string,
  options: ReadProjectOptions,
  found: readonly Problem[],
  { folder, now, build = buildId(), ahead }: CacheOptions,
): Promise<ReadAndParsed> {
  const { head, problems } = await readHead(root, options);
  const all = [...problems, ...found];
  // Packages are read with their own files, which nobody here looks after.
  if (folder === undefined || build === undefined || all.length + head.packages.length > 0) {
    const render = renderOf(options, head.target, head.vars);
    const { files, properties, problems: ofProperties } = await readContents(root, { render, ahead });
    const project = { ...head, files, properties };
    const parsed = await buildGraph(project, options.env, [...all, ...ofProperties]);
    return { project, parsed, kept: nothingKept };
  }
  const cache: Cache = { root, folder, key: keyOf(head, build), ...lookAt(root, now, ahead), ahead };
  return (await take(cache, head, options)) ?? parse(cache, head, options);
}

type Look = {
  readonly paths: FoundPaths;
  readonly stamps: () => Promise<Stamps>;
  /** Before anything was; in milliseconds since 1970. */
  readonly lookedAt: number;
};

function lookAt(root: string, now: () => Date, ahead: FilesAhead | undefined): Look {
  if (ahead?.isKept === true) {
    const paths = ahead.paths();
    const stamps = async (): Promise<Stamps> => {
      const packed = await ahead.stamps;
      return packed ? unpackStamps(paths, packed) : stampsOf(root, paths);
    };
    return { paths, stamps, lookedAt: ahead.lookedAt };
  }
  const lookedAt = now().getTime();
  const paths = findPaths(root);
  const stamps = stampsOf(root, paths);
  return { paths, stamps: () => Promise.resolve(stamps), lookedAt };
}

type Cache = Look & {
  readonly root: string;
  readonly folder: string;
  readonly key: string;
  readonly ahead: FilesAhead | undefined;
};

/** What was kept, if it is still true. Macros and doc blocks are few, and read again. */
async function take(
  { root, folder, key, paths, stamps, lookedAt }: Cache,
  head: ProjectHead,
  options: Rendering,
): Promise<ReadAndParsed | undefined> {
  const { env } = options;
  const render = renderOf(options, head.target, head.vars);
  const header = readHeader(folder);
  if (header?.key !== key || header.envHash !== hashOfEnv(env, header.env)) return undefined;
  const held = heldTo(header.inputs, root, await stamps(), lookedAt);
  if (held === null || held.changed.length > AT_MOST || !held.changed.every(isModel)) return undefined;
  const body = readBody(folder, header.graph);
  if (!body || !isGraphIndex(body.index)) return undefined;
  // Read by whoever asks for it, which is nobody but those who make graphs.
  const contents = Object.getOwnPropertyDescriptors(contentsOnDemand(root, paths, render));
  const project = Object.defineProperties({ ...head }, contents) as Project;
  const none: Problem[] = [];
  const library = await readMacros(project, none);
  const { docs } = readDocs(project, none);
  if (none.length > 0 || scriptsOf(library) !== header.scripts) return undefined;
  const textOf = (file: string): string => readFileSync(join(root, file), "utf8");
  const parsed = { ...decodeGraph(body.bytes, body.index, textOf), library, docs };
  const kept = Keeper.of(folder, { project, parsed }, header, held.inputs);
  if (held.changed.length === 0) return { project, parsed, kept };
  const files = held.changed.map((path) => readTextFile(root, path));
  const patched = patchModels(head, env, parsed, files, textOf, render);
  if (patched === null) return undefined;
  const whole = { project, parsed: patched.parsed };
  const identity = (): string =>
    identityOf(
      header.inputs,
      files.map(({ path, text }) => [path, sha256(text)]),
    );
  return { ...whole, kept: besidePatch(kept, whole, patched.models, identity) };
}

/** Models whose files have changed are made again one by one; from here on it is time to keep all anew. */
const AT_MOST = 20;
const isModel = (path: string): boolean => path.startsWith(`${FOLDERS.models}/`) && path.endsWith(".sql");

async function parse(
  { root, folder, key, stamps: look, lookedAt, ahead }: Cache,
  head: ProjectHead,
  { env, renderer }: Rendering,
): Promise<ReadAndParsed> {
  const recorded = recordEnv(env);
  const render = renderOf({ env: recorded.env, renderer }, head.target, head.vars);
  const hashes = new Map<string, string>();
  const { files, properties, problems } = await readContents(root, {
    seen: (path, contents, hash) => hashes.set(path, hash ?? sha256(contents)),
    render,
    ahead,
  });
  const project = { ...head, files, properties };
  const calls = scriptCalls.count;
  const parsed = await buildGraph(project, recorded.env, problems);
  const asked = recorded.asked();
  // A script may look at anything; and a file that came while others were read was not looked at.
  const stamps = await look();
  const isSure = scriptCalls.count === calls && [...hashes.keys()].every((path) => stamps.has(path));
  if (!isSure || asked === undefined) return { project, parsed, kept: nothingKept };
  const facts = { key, env: asked, envHash: hashOfEnv(env, asked), scripts: scriptsOf(parsed.library) };
  const inputs = (): ReturnType<typeof inputsOf> => inputsOf(root, stamps, hashes, lookedAt);
  return { project, parsed, kept: Keeper.ofNew(folder, { project, parsed }, facts, inputs) };
}

/** What the graph depends on besides its files and the environment that templates ask for. */
function keyOf(head: ProjectHead, build: string): string {
  const text = readFileSync(join(head.root, projectFileIn(head.root)!), "utf8");
  return withPathsAsPlaces("place", () => sha256(JSON.stringify([build, process.versions.node, text, head])));
}

/** Scripts may import what lies outside the project's folders; what they import is a part of their text. */
const scriptsOf = ({ own }: MacroLibrary): string =>
  sha256(
    JSON.stringify(
      own.flatMap((macro) => (macro.kind === "script" ? [[macro.name, macro.required, macro.text]] : [])),
    ),
  );
