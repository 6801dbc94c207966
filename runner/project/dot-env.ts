import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { diskError } from "../base/files.ts";
import { rememberSecretsOf } from "../base/secrets.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** The environment with what the project's `.env` adds to it: a variable that is set already wins. Secrets among them are struck out of logs. */
export function withDotEnv(root: string, env: Env): Env {
  const file = join(root, ".env");
  let text;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw diskError(`cannot read ${file}`, error);
    text = "";
  }
  const all = text === "" ? env : { ...parseEnv(text), ...env };
  rememberSecretsOf(all);
  return all;
}
