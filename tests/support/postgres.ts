import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import postgres from "postgres";
import { freePort } from "./free-port.ts";
import { until } from "./until.ts";

/** A real server to test against, or the reason why there is none; `skip` goes into the options of a suite. */
export type TestPostgres =
  | { readonly url: string; readonly skip: false; readonly isOurs: boolean }
  | { readonly url: ""; readonly skip: string };

/**
 * The server of `STATLOOM_TEST_POSTGRES_URL`, else one of this test file's own, made from the binaries on this machine and
 * gone when the file is done, however it ends. With `STATLOOM_TEST_POSTGRES_REQUIRED` set, having none is an error.
 */
export async function postgresForTests(): Promise<TestPostgres> {
  const given = process.env["STATLOOM_TEST_POSTGRES_URL"];
  if (given) return { url: given, skip: false, isOurs: false };
  const bin = findBinaries();
  if (bin !== undefined) return { url: await startServer(bin), skip: false, isOurs: true };
  const skip = "there is no PostgreSQL: install it, or set STATLOOM_TEST_POSTGRES_URL";
  if (process.env["STATLOOM_TEST_POSTGRES_REQUIRED"]) throw new Error(skip);
  return { url: "", skip };
}

/** The same with a database of this test file's own, gone when the file is done. */
export async function databaseForTests(): Promise<TestPostgres> {
  const server = await postgresForTests();
  if (server.skip !== false) return server;
  const sql = postgres(server.url, { max: 1, onnotice: () => {} });
  const name = `statloom_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  await sql.unsafe(`create database ${name} template template0 encoding 'UTF8'`);
  await sql.end({ timeout: 1 });
  // A server of this file's own goes with everything in it.
  if (process.env["STATLOOM_TEST_POSTGRES_URL"]) {
    after(async () => {
      const last = postgres(server.url, { max: 1, onnotice: () => {} });
      await last.unsafe(`drop database ${name} with (force)`);
      await last.end({ timeout: 1 });
    });
  }
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return { ...server, url: url.href };
}

/** A connection for looking at what a test did; closed when the file is done. */
export function connect(url: string, max = 2): postgres.Sql {
  const sql = postgres(url, { max, onnotice: () => {}, prepare: false });
  after(() => sql.end({ timeout: 1 }));
  return sql;
}

/** Where `initdb` and `postgres` are: in the folder `STATLOOM_TEST_POSTGRES_BIN`, as `pg_config` says, where Debian puts them, or in the path. */
function findBinaries(): string | undefined {
  if (process.platform === "win32") return undefined;
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    process.env["STATLOOM_TEST_POSTGRES_BIN"] ?? "",
    ...versions.map((version) => join(debian, version, "bin")),
    told("pg_config", "--bindir"),
    ...(process.env["PATH"] ?? "").split(":"),
  ];
  return folders.find(
    (folder) => folder !== "" && ["initdb", "postgres"].every((name) => existsSync(join(folder, name))),
  );
}

function told(command: string, ...args: string[]): string {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "";
  }
}

/**
 * The server ends with its shell, and that when the pipe to it closes: also when this process is killed. What the first server of a run
 * begins with is kept for the others: a copy takes a fifth of the time.
 */
const KEEPER = `
trap '' INT TERM
if [ -n "$4" ] && [ -d "$4" ]; then
  cp -Rp "$4" "$2/data" || exit 1
else
  "$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --locale=C -N >/dev/null 2>"$2/log" || { cat "$2/log" >&2; exit 1; }
  if [ -n "$4" ]; then
    cp -Rp "$2/data" "$4.$$"
    if [ -d "$4" ]; then rm -rf "$4.$$"; else mv "$4.$$" "$4"; fi
  fi
fi
"$1/postgres" -D "$2/data" -p "$3" -h 127.0.0.1 -k "$2" -c fsync=off -c full_page_writes=off -c max_connections=30 >"$2/log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -QUIT $server
wait $server 2>/dev/null
rm -rf "$2"
`;

async function startServer(bin: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "statloom-postgres-"));
  const owner = ownerOfServer();
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  const port = await freePort();
  const ofRun = process.env["STATLOOM_TESTS_TEMPORARY"];
  const first = ofRun === undefined ? "" : join(ofRun, "first-data");
  const keeper = spawn("sh", ["-c", KEEPER, "sh", bin, folder, String(port), first], {
    ...owner,
    cwd: folder,
    stdio: ["pipe", "ignore", "inherit"],
    env: { PATH: process.env["PATH"], LC_ALL: "C" },
  });
  const gone = new Promise<void>((resolve) => void keeper.once("exit", () => resolve()));
  after(async () => {
    keeper.stdin.end();
    await gone;
  });
  await Promise.race([
    until(
      "the PostgreSQL server for tests answers",
      async () => (await listens(port)) && isReady(port),
      () => told("cat", join(folder, "log")),
    ),
    gone.then(() => {
      throw new Error("the PostgreSQL server for tests did not start");
    }),
  ]).catch((error: unknown) => {
    // Nothing after this runs; what is left would hold up the end of the file.
    keeper.stdin.end();
    throw error;
  });
  return `postgres://postgres@127.0.0.1:${port}/postgres`;
}

/** PostgreSQL refuses to run as root: it then runs as the user that came with it, or as nobody. */
function ownerOfServer(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(told("id", flag, "postgres") || 65_534);
  return { uid: id("-u"), gid: id("-g") };
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });

/** It takes connections a little before it takes statements. */
const isReady = (port: number): Promise<boolean> =>
  askOnce(`postgres://postgres@127.0.0.1:${port}/postgres`, "select 1").then(
    () => true,
    () => false,
  );

/** Asks on a connection of its own: one that was there when its server went may leave what it is asked next unanswered for ever. */
export async function askOnce(url: string, query: string): Promise<readonly postgres.Row[]> {
  const sql = postgres(url, { max: 1, fetch_types: false, connect_timeout: 1 });
  try {
    return await sql.unsafe(query);
  } finally {
    await sql.end({ timeout: 0 });
  }
}
