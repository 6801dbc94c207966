import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

type Asked = {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
};

/**
 * The password that `PGPASSFILE` or `~/.pgpass` has for a connection: `host:port:database:user:password` lines, `*` for any.
 * A file that others may read is left alone, as psql does. https://www.postgresql.org/docs/current/libpq-pgpass.html
 */
export function passwordFromFile(
  asked: Asked,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const home = env["HOME"];
  const path = env["PGPASSFILE"] || (home ? join(home, ".pgpass") : undefined);
  const text = path === undefined ? undefined : readPrivate(path);
  if (text === undefined) return undefined;
  const host = asked.host.startsWith("/") ? "localhost" : asked.host;
  const wanted = [host, String(asked.port), asked.database, asked.user];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("#")) continue;
    const fields = Array.from(line.matchAll(/((?:\\.|[^:\\])*)(?::|$)/gy), ([, field = ""]) =>
      field.replaceAll(/\\(.)/g, "$1"),
    );
    const isMeant = wanted.every((value, i) => fields[i] === "*" || fields[i] === value);
    if (isMeant && fields[4] !== undefined) return fields[4];
  }
  return undefined;
}

function readPrivate(path: string): string | undefined {
  try {
    const { mode } = statSync(path);
    if (process.platform !== "win32" && (mode & 0o077) !== 0) return undefined;
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
