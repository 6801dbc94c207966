import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Ran } from "./models.ts";
import { PATIENCE } from "./patience.ts";

const root = join(import.meta.dirname, "../..");

/** The bundle when it is there and no source is newer than it, else the sources through tsx, which start slower. */
function commandOf(name: "models" | "ingest"): string[] {
  const bundle = join(root, "dist", name === "models" ? "models.cjs" : "ingest.js");
  const sources = ["runner", "ingest", "scripts"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => statSync(join(root, folder, path)).mtimeMs),
  );
  if (existsSync(bundle) && statSync(bundle).mtimeMs >= Math.max(...sources)) return [bundle];
  return ["--import", fileURLToPath(import.meta.resolve("tsx")), join(root, `scripts/${name}.ts`)];
}
/** The words behind `node` that are `models`. */
export const modelsCommand: readonly string[] = commandOf("models");
const commands = { models: modelsCommand, ingest: commandOf("ingest") };

export type Spawned = {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran & { signal: string | null }>;
};
type Setting = { readonly env?: Readonly<Record<string, string | undefined>>; readonly stdin?: string };

/** Starts the real command; `ended` resolves when it has ended and everything it said is read. */
export function start(
  cwd: string,
  words: readonly string[],
  { env = {}, stdin }: Setting = {},
  name: "models" | "ingest" = "models",
): Spawned {
  const { NO_COLOR: _no, FORCE_COLOR: _force, NODE_TEST_CONTEXT: _context, ...inherited } = process.env;
  const child = spawn(process.execPath, [...commands[name], ...words], {
    cwd,
    env: { ...inherited, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end(stdin ?? "");
  let out = "";
  let err = "";
  // A test that fails half way leaves it running, and its file would wait for it.
  killLate(child, () => (err += tooLate(words)));
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const ended = new Promise<Ran & { signal: string | null }>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? -1, signal, out, err }));
  });
  return { child, ended };
}

function killLate(child: ChildProcess, say: () => void): void {
  const timer = setTimeout(() => {
    if (child.kill("SIGKILL")) say();
  }, PATIENCE.command);
  timer.unref();
}
const tooLate = (words: readonly string[]): string =>
  `\nkilled after ${PATIENCE.command / 1000} s: ${words.join(" ")}`;

/** Reason why there is no terminal to ask at, or false. */
export const withoutTerminal: string | false = ["/usr/bin/script", "/bin/script"].some(existsSync)
  ? false
  : "there is no `script` to make a terminal with: install util-linux";

/** The same at a terminal of its own: each answer is typed when its question is seen; `out` is all that the terminal shows. */
export async function answerModels(
  cwd: string,
  words: readonly string[],
  answers: readonly (readonly [question: string, answer: string])[],
): Promise<Ran> {
  const line = [process.execPath, ...commands.models, ...words].map((word) => `'${word}'`).join(" ");
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const child = spawn("script", ["-qefc", line, "/dev/null"], { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  const left = [...answers];
  let out = "";
  killLate(child, () => (out += `${tooLate(words)}, with ${left.length} questions to come`));
  let seen = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    while (left.length > 0) {
      const [question, answer] = left[0]!;
      const at = out.indexOf(question, seen);
      if (at < 0) return;
      seen = at + question.length;
      left.shift();
      child.stdin.write(answer);
    }
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, out, err: "" }));
  });
}

export const spawnModels = (cwd: string, words: readonly string[], setting: Setting = {}): Promise<Ran> =>
  start(cwd, words, setting).ended;
export const spawnIngest = (cwd: string, words: readonly string[], setting: Setting = {}): Promise<Ran> =>
  start(cwd, words, setting, "ingest").ended;
