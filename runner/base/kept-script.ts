import { accessSync, constants, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import v8 from "node:v8";
import vm from "node:vm";
import { cacheFolder } from "./compile-cache.ts";
import { putFile } from "./files.ts";
import { sha256 } from "./hash.ts";
import { inlineAsUsual } from "./inline-less.ts";

/** A script that has been run, and what keeps its compiled form for the next call. */
export type KeptScript<Exports> = { readonly exports: Exports; readonly keep: () => void };

/** How many compiled forms stay: one for each command of one version is 25, of 1.6 MB each. */
const MOST = 30;
/** Of a run of this many milliseconds V8 may have thrown away the code that it began with. */
const LONGEST = 60_000;

/**
 * Runs a script, a file of ASCII whose value is `(module, require, filename, import) => void`, from the compiled form that an earlier call for the same
 * `purpose` left in this user's cache folder. Modules come to V8 as source each time (Node 20), or one by one out of as many files (since 22): `ls` of five models
 * took 229 and 175 ms so, and takes 152 and 121 ms of one script. `hash` is one of its text. undefined: nothing could be kept, so that
 * modules are as fast, or somebody wants to see each of them.
 */
export function runKept<Exports>(
  script: URL,
  hash: string,
  purpose: string,
): KeptScript<Exports> | undefined {
  const folder = usableFolder();
  if (folder === undefined) return undefined;
  const begin = performance.now();
  const filename = fileURLToPath(script);
  // Read anew where somebody has edited the bundle by hand: V8 itself compares no more than lengths.
  const { size, mtimeMs } = statSync(filename);
  const facts = [filename, hash, size, mtimeMs, process.version, process.arch, v8.cachedDataVersionTag()];
  const key = sha256(JSON.stringify(facts)).slice(0, 16);
  const path = join(folder, `${/^-*([a-z-]{1,24})$/.exec(purpose)?.[1] ?? "other"}-${key}`);
  const kept = readKept(path);
  const compiled = new vm.Script(readFileSync(filename, "latin1"), {
    filename,
    cachedData: kept?.data,
  });
  const module = { exports: {} };
  (compiled.runInThisContext() as Body)(module, createRequire(filename), filename, imported);
  const madeIn = compiled.cachedDataRejected === false ? kept!.madeIn : 0;
  return {
    exports: module.exports as Exports,
    keep() {
      const took = performance.now() - begin;
      // A run that took much longer has used functions that the other had no need of.
      if (madeIn > 0 && (took < madeIn * 2 || took > LONGEST)) return;
      inlineAsUsual();
      writeKept(path, took, compiled.createCachedData());
    },
  };
}

type Body = (
  module: { exports: object },
  require: NodeJS.Require,
  filename: string,
  imported: (address: string) => Promise<unknown>,
) => void;
const imported = (address: string): Promise<unknown> => import(address);

/** The folder, if nobody but this user can write it, as what stands there is run. */
function usableFolder(): string | undefined {
  const { env, versions } = process;
  if ("bun" in versions || "deno" in versions || env["NODE_DISABLE_COMPILE_CACHE"]) return undefined;
  // Node reads the maps of modules only, and counts by them what has been covered.
  if (process.sourceMapsEnabled || env["NODE_V8_COVERAGE"]) return undefined;
  try {
    const folder = join(cacheFolder(), "statloom", "scripts");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    const { uid, mode } = statSync(folder);
    // Not every system tells owners.
    const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    return isOwn ? folder : undefined;
  } catch {
    return undefined;
  }
}

const HASH = 64;
/** V8 takes data that begin at a multiple of eight without copying them. */
const HEAD = HASH + 8;

type Kept = { readonly madeIn: number; readonly data: Buffer };

/** A file is: sha256 of the rest, in letters; milliseconds that the run took which left it; V8's data. */
function readKept(path: string): Kept | undefined {
  try {
    const bytes = readFileSync(path);
    // V8 would take what was damaged for what it wrote, and crash.
    if (bytes.toString("latin1", 0, HASH) !== sha256(bytes.subarray(HASH))) return undefined;
    return { madeIn: bytes.readDoubleLE(HASH), data: bytes.subarray(HEAD) };
  } catch {
    return undefined;
  }
}

/** What cannot be written is not kept, and no reason to say anything. */
function writeKept(path: string, madeIn: number, data: Buffer): void {
  try {
    const bytes = Buffer.concat([Buffer.alloc(HEAD), data]);
    bytes.writeDoubleLE(madeIn, HASH);
    bytes.write(sha256(bytes.subarray(HASH)), "latin1");
    putFile(path, bytes);
    tidyUp(dirname(path));
  } catch {
    // The next call makes it anew.
  }
}

function tidyUp(folder: string): void {
  const files = readdirSync(folder).map((name) => join(folder, name));
  const ages = files.map((file) => ({ file, at: statSync(file).mtimeMs }));
  for (const { file } of ages.toSorted((a, b) => b.at - a.at).slice(MOST)) rmSync(file, { force: true });
}
