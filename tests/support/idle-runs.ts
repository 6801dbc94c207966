import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import assert from "node:assert/strict";
import { join } from "node:path";
import { openProject } from "../../runner/api/open-project.ts";
import { withSession } from "../../runner/api/with-session.ts";
import type { BuildArgs } from "../../runner/cli/commands/build.ts";
import { runIdle } from "../../runner/cli/commands/run-idle.ts";
import { makeProject, models, readArtifact, statuses } from "./models.ts";
import type { Ran, Setting } from "./models.ts";

export const table = "{{ config(materialized='table') }} ";
export const incremental =
  "{{ config(materialized='incremental') }} select 1 as id {{#is_incremental}}where false{{/is_incremental}}";
export const files: Readonly<Record<string, string>> = {
  "sql_project.yaml": `name: shop
target: dev
targets:
  dev: {type: duckdb, path: data/w.duckdb, threads: 2}
  prod: {type: duckdb, path: data/p.duckdb, threads: 2}
vars: {first: 1}
`,
  "selectors.yml": "selectors: [{name: all, definition: 'path:models'}]",
  "seeds/codes.csv": "id,name\n1,a\n",
  "macros/m.sql": "{{! macro one() }}\n1\n",
  "models/a.sql": `${table}select {{ one() }} as id, '{{ env_var('ASKED', 'no') }}' as asked`,
  "models/b.sql": `${table}select id from {{ ref('a') }}`,
  "models/c.sql": "select id from {{ ref('codes') }}",
  "models/x.sql": "{{ config(materialized='external', location='out/x.csv') }} select id from {{ ref('a') }}",
  "models/l.sql": "select geo from {{ source('pub', 'set') }}",
  "models/s.yml": `models: [{name: b, columns: [{name: id, data_tests: [not_null]}]}]
sources: [{name: pub, landing: true, tables: [{name: set, columns: [{name: geo}]}]}]`,
  "models/docs.md": "{% docs d %}\nText.\n{% enddocs %}\n",
  "models/u.yml":
    "unit_tests: [{name: u, model: b, given: [{input: ref('a'), rows: [{id: 1}]}], expect: {rows: [{id: 1}]}}]",
};
const vintage = (name: string): Record<string, unknown> => ({
  vintage: name,
  updated: null,
  extracted_at: "2025-04-04T21:00:00Z",
  source: "x",
  sha256: "0".repeat(64),
  content: "0".repeat(64),
  rows: 0,
  numbers: 0,
  texts: 0,
  statuses: 0,
  rejected: 0,
  batch_id: "x",
  partition_by: [],
  files: [{ path: "observations.parquet", bytes: 1, sha256: "0".repeat(64) }],
});
export const list = (...names: string[]): string =>
  JSON.stringify({ version: 1, publisher: "pub", dataset: "set", vintages: names.map(vintage) });
export const LIST = "data/landing/pub/set/vintages.json";
export const LANDED = "2025-04-04T210000Z";

/** A project of which everything is built, and which has a landed edition. */
export async function built(more: Readonly<Record<string, string>> = {}): Promise<string> {
  const cwd = makeProject({ ...files, [LIST]: list(LANDED), ...more });
  const folder = join(cwd, "data/landing/pub/set", LANDED);
  mkdirSync(folder, { recursive: true });
  const { project } = await openProject({ projectDir: cwd }, { ...quiet, cwd });
  const parquet = join(folder, "observations.parquet");
  await withSession({ ...project.target, path: ":memory:" } as typeof project.target, undefined, (session) =>
    session.run(`copy (select 'AT' as geo) to '${parquet}' (format parquet)`),
  );
  return cwd;
}
export const sink = { write: () => undefined, isTerminal: false, width: 80 };
export const quiet = { now: () => new Date(), env: {}, stdout: sink, stderr: sink };

/** Files that were written just now are settled by then. */
export const soon = (): string => new Date(Date.now() + 60_000).toISOString();
/** Notes of runs that found nothing to do, the one that was used last first. */
export function notesOf(cwd: string): readonly string[] {
  const folder = join(cwd, "target/parsed");
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^idle-.*json$/.test(name)) : [];
  const usedAt = (path: string): number => statSync(path).mtimeMs;
  return names.map((name) => join(folder, name)).toSorted((a, b) => usedAt(b) - usedAt(a));
}
export const forget = (cwd: string): void => {
  for (const path of notesOf(cwd)) rmSync(path);
};

export type Way = "repeated" | "found nothing to do" | "built";

export async function run(
  cwd: string,
  setting: Setting = {},
  ...words: string[]
): Promise<Ran & { readonly way: Way }> {
  const now = setting.now ?? soon();
  const ran = await models(cwd, ["build", "--changed", ...words], { ...setting, now });
  assert.equal(ran.code, 0, ran.out + ran.err);
  if (Object.values(statuses(cwd)).some((status) => status !== "no-op")) return { ...ran, way: "built" };
  const [used] = notesOf(cwd);
  const repeated = used !== undefined && Math.round(statSync(used).mtimeMs) === Date.parse(now);
  return { ...ran, way: repeated ? "repeated" : "found nothing to do" };
}
export const wayOf = async (cwd: string, setting: Setting = {}, ...words: string[]): Promise<Way> =>
  (await run(cwd, setting, ...words)).way;

/** Arguments of the call that is asked about. */
let settled: object = {};
/** From here on that is the last run, and what has changed since. */
export function settleOn(cwd: string): void {
  const { args } = readArtifact(cwd, "run_results.json") as { args: object };
  settled = { ...args, changed: true };
}

/** Until it can be repeated. */
export async function settle(cwd: string, setting: Setting = {}, ...words: string[]): Promise<void> {
  for (let i = 0; i < 4; i++) {
    if ((await wayOf(cwd, setting, ...words)) !== "repeated") continue;
    return settleOn(cwd);
  }
  assert.fail("it is never repeated");
}

/** Whether the call that the last run was, with these other arguments, is one that is repeated; if so, it is. */
export async function isRepeated(cwd: string, setting: Setting = {}, other: object = {}): Promise<boolean> {
  const { env = {}, now = soon() } = setting;
  const given = Object.fromEntries(
    Object.entries(settled)
      .filter(([key]) => key !== "which")
      .map(([key, value]) => [key.replaceAll("_", "-"), value as unknown]),
  );
  const effects = { now: () => new Date(now), env, cwd, stdout: sink, stderr: sink };
  const context = { effects, signal: new AbortController().signal };
  return runIdle("build", { ...given, ...other } as unknown as BuildArgs, context);
}

export async function change(cwd: string, sql: string): Promise<void> {
  const { project } = await openProject({ projectDir: cwd }, { ...quiet, cwd });
  await withSession(project.target, undefined, (session) => session.run(sql));
}

export const masked = (cwd: string, name: string): string => {
  const text = readFileSync(join(cwd, "target", name), "utf8");
  return text.replaceAll(
    /"(invocation_id|generated_at|invocation_started_at|run_started_at)":"[^"]*"|"elapsed_time":[\d.e-]+/g,
    "",
  );
};

const given = globalThis as { STATLOOM_BUILD?: string | undefined };
const known = given.STATLOOM_BUILD;
/** Nothing is kept by sources, which may be edited. */
export const pretendBundled = (): void => void (given.STATLOOM_BUILD = "test");
export const noLongerBundled = (): void =>
  void (known === undefined ? delete given.STATLOOM_BUILD : (given.STATLOOM_BUILD = known));
