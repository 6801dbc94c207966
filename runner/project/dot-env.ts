import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { diskError } from "../base/files.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** The environment with what the project's `.env` adds to it: a variable that is set already wins. What it holds is never printed. */
export function withDotEnv(root: string, env: Env): Env {
  const file = join(root, ".env");
  let text;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return env;
    throw diskError(`cannot read ${file}`, error);
  }
  return { ...parseEnv(text), ...env };
}
