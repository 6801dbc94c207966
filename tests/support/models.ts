import { readFileSync } from "node:fs";
import { join } from "node:path";
import { main } from "../../runner/cli/main.ts";
import { PROJECT_FILE } from "./link-project.ts";
import { tempFolder, writeFiles } from "./temp.ts";

export type Ran = { readonly code: number; readonly out: string; readonly err: string };
export type Setting = {
  readonly env?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
  readonly now?: string;
};

/** Runs `models` in this process, in `cwd`, and keeps what it prints. Help is printed by yargs itself, to the real output. */
export async function models(cwd: string, words: readonly string[], setting: Setting = {}): Promise<Ran> {
  const { env = {}, isTerminal = false, now } = setting;
  let out = "";
  let err = "";
  const code = await main(words, {
    now: () => (now === undefined ? new Date() : new Date(now)),
    env,
    cwd,
    stdout: { write: (text) => void (out += text), isTerminal, width: 100 },
    stderr: { write: (text) => void (err += text), isTerminal, width: 100 },
  });
  return { code, out, err };
}

/** A project of these files in a folder of its own; the project file is a minimal one unless it is among them. */
export const makeProject = (files: Readonly<Record<string, string>>): string =>
  writeFiles(tempFolder(), { "sql_project.yaml": PROJECT_FILE, ...files });

/** What `show` gives of a query, as JSON. */
export async function rowsOf(cwd: string, sql: string): Promise<unknown[]> {
  const { code, out, err } = await models(cwd, [
    "show",
    "--inline",
    sql,
    "--limit",
    "-1",
    "--output",
    "json",
  ]);
  if (code !== 0) throw new Error(`${sql}: ${out}${err}`);
  return (JSON.parse(out) as { show: unknown[] }).show;
}

export type ArtifactResult = {
  readonly unique_id: string;
  readonly status: string;
  readonly message: string | null;
  readonly failures: number | null;
  readonly relation_name: string | null;
};

export const readArtifact = (cwd: string, name: string): unknown =>
  JSON.parse(readFileSync(join(cwd, "target", name), "utf8"));

/** Status of each node of the last run, by name without the project's. */
export function statuses(cwd: string): Record<string, string> {
  const { results } = readArtifact(cwd, "run_results.json") as { results: ArtifactResult[] };
  const ofNodes = results.filter(({ unique_id: id }) => !id.startsWith("operation."));
  return Object.fromEntries(ofNodes.map(({ unique_id: id, status }) => [id.split(".")[2], status]));
}
