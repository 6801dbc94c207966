import { randomUUID } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { stampOf } from "../../adapters/duckdb/file-stamp.ts";
import { publishCopy } from "../../adapters/duckdb/publish-copy.ts";
import { manifestHead } from "../../artifacts/manifest-head.ts";
import { customEnvironment } from "../../artifacts/metadata.ts";
import { runResultsEnds } from "../../artifacts/run-results-frame.ts";
import { LIST, SqlFolder } from "../../artifacts/sql-folder.ts";
import type { Effects } from "../../base/effects.ts";
import { resolveInside, writeFileAtomic } from "../../base/files.ts";
import { logSizes } from "../../project/batch-log-files.ts";
import { withDotEnv } from "../../project/dot-env.ts";
import { identityNow } from "../parse-cache/held-files.ts";
import { renewHead } from "../parse-cache/kept-manifest.ts";
import { numberOf } from "../parse-cache/manifest-notes.ts";
import { hashOfEnv } from "../parse-cache/recorded-env.ts";
import { JOURNAL } from "../run-journal.ts";
import { callOf, readEntries, readIdle, renewIdle, settledNumberOf } from "./idle-note.ts";
import type { Call, IdleNote } from "./idle-note.ts";

/**
 * Does what a run does that finds nothing to do, where the last run of this call found that and nothing that it looked at has changed: the
 * artifacts are written again with the time and the id of this one. Gives the number of nodes that are reused, and what is to be warned of; undefined: something has
 * changed, or it is not known whether.
 */
export async function repeatIdleRun(
  call: Call,
  targetPath: string | undefined,
  { now, env: outer, signal }: Effects,
): Promise<Pick<IdleNote, "count" | "warnings"> | undefined> {
  const begin = performance.now();
  const startedAt = now();
  const targetFolder = resolveInside(call.root, targetPath ?? "target");
  if (targetFolder === undefined) return undefined;
  const folder = join(targetFolder, "parsed");
  const named = callOf(call);
  const note = named === undefined ? undefined : readIdle(folder, named);
  if (note === undefined) return undefined;
  const env = withDotEnv(call.root, outer);
  const isSame =
    isWithin(note, startedAt.getTime()) &&
    hashOfEnv(env, note.env) === note.envHash &&
    // A run that was killed.
    !existsSync(join(targetFolder, JOURNAL)) &&
    note.externals.every((path) => existsSync(path)) &&
    isLandedAsItWas(note, startedAt.getTime()) &&
    (await isWarehouseAsItWas(note, call, env, signal)) &&
    identityNow(folder, call.root, startedAt.getTime()) === note.project;
  if (!isSame) return undefined;
  const invocation = {
    invocationId: randomUUID(),
    startedAt: startedAt.toISOString(),
    generatedAt: now().toISOString(),
    env: customEnvironment(env),
  };
  const { said, ...project } = note.manifest;
  const renewing = renewHead(
    folder,
    join(targetFolder, "manifest.json"),
    said,
    manifestHead({ ...invocation, ...project }),
  );
  // Told by whoever waits for it; what follows is done while the disk is at work.
  renewing.catch(() => undefined);
  const compiled = join(targetFolder, "compiled");
  const isSql = isSqlAsItWas(note, compiled);
  const entries = readEntries(folder, note);
  if (!(await renewing) || !isSql || entries === undefined) return undefined;
  const sql = withOthers(note.sql, compiled);
  const { warehouse } = note;
  if (warehouse.kind === "file" && warehouse.publish !== null)
    if (publishCopy(warehouse.path, warehouse.publish) !== "unchanged") return undefined;
  const { command, args } = call;
  const elapsedTime = (performance.now() - begin) / 1000;
  const [head, tail] = runResultsEnds({ ...invocation, command, args, elapsedTime }, invocation.env);
  const results = Buffer.concat([Buffer.from(head), entries, Buffer.from(tail)]);
  writeFileAtomic(join(targetFolder, "run_results.json"), results);
  renewIdle(folder, note, sql, startedAt);
  return note;
}

const isWithin = ({ from, until }: IdleNote, now: number): boolean =>
  from <= now && (until === null || now < until);

const isLandedAsItWas = ({ landing, landed, logs }: IdleNote, now: number): boolean =>
  landed.every(([path, number]) => settledNumberOf(path, now) === number) &&
  JSON.stringify(logSizes(landing)) === JSON.stringify(logs);

async function isWarehouseAsItWas(
  { warehouse }: IdleNote,
  { root, args }: Call,
  env: Effects["env"],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (warehouse.kind === "file") return stampOf(warehouse.path) === warehouse.stamp;
  const { askServer } = await import("./ask-server.ts");
  const { target } = args;
  const now = await askServer(
    root,
    { env, target: typeof target === "string" ? target : undefined },
    warehouse,
    signal,
  );
  return now === warehouse.hash;
}

/** As far as files that were touched after the list of their hashes was written tell it. */
function isSqlAsItWas({ sql: { list, files } }: IdleNote, folder: string): boolean {
  const listed = join(folder, LIST);
  if (numberOf(listed) !== list) return false;
  const { mtimeMs: listedAt } = statSync(listed);
  return files.every((file) => {
    const found = statSync(`${folder}${sep}${file}`, { throwIfNoEntry: false });
    return found !== undefined && found.mtimeMs <= listedAt;
  });
}

/** With what the first of such runs has to write. */
function withOthers(sql: IdleNote["sql"], path: string): IdleNote["sql"] {
  if (sql.others.length === 0) return sql;
  const folder = new SqlFolder(path);
  for (const [file, text] of sql.others) folder.put(file, text);
  folder.save();
  return { ...sql, list: numberOf(join(path, LIST)) ?? "", others: [] };
}
