import { existsSync } from "node:fs";
import { dirname, parse } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { OperationError, messageOf } from "../../base/errors.ts";
import { makeFolder } from "../../base/files.ts";
import { duckdb } from "../../dialects/duckdb.ts";
import type { DuckDbTarget, Target } from "../../project/types.ts";
import type { Adapter, Attached } from "../adapter.ts";
import { cellText } from "../cell-text.ts";
import { QueryError } from "../query-error.ts";
import { lockHolder } from "./lock-holder.ts";
import { queryError } from "./query-errors.ts";
import { DuckDbSession } from "./session.ts";

/** Opens the file, making it and its folder where they are missing. */
export async function openDuckDb(target: DuckDbTarget): Promise<Adapter> {
  const instance = await openInstance(target.path, target.readOnly);
  return adapterOf(instance, target, null, () => {
    instance.closeSync();
    return Promise.resolve();
  });
}

/** `database`: the attached one that its sessions are in. */
function adapterOf(
  instance: DuckDBInstance,
  target: DuckDbTarget,
  database: string | null,
  release: () => Promise<void>,
): Adapter {
  const sessions = new Set<DuckDbSession>();
  let closed = false;

  async function session(): Promise<DuckDbSession> {
    const opened = new DuckDbSession(await instance.connect());
    sessions.add(opened);
    if (database !== null) await opened.run(`use ${duckdb.quoteIdentifier(database)}`);
    // `set` tells what is wrong with a setting; passed while opening, it says only that something is.
    for (const [name, value] of Object.entries(target.settings)) {
      await opened.run(`set ${duckdb.quoteIdentifier(name)} = ${duckdb.literal(value)}`).catch(refused(name));
    }
    return opened;
  }

  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    await Promise.all(Array.from(sessions, (each) => each.close()));
    await release();
  }

  async function attach(other: Target): Promise<Attached | null> {
    if (other.type !== "duckdb" || target.path === ":memory:" || !existsSync(other.path)) return null;
    const nothing = (): Promise<void> => Promise.resolve();
    if (other.path === target.path)
      return { adapter: adapterOf(instance, other, null, nothing), database: null };
    // Views say the names of databases as they were when the file was open by itself.
    const name = parse(other.path).name;
    const quoted = duckdb.quoteIdentifier(name);
    const asking = await session();
    try {
      await asking.run(`attach ${duckdb.literal(other.path)} as ${quoted} (read_only)`);
    } catch (error) {
      // Somebody writes to it, or a database of this name is there.
      if (error instanceof QueryError) return null;
      throw error;
    }
    const release = (): Promise<void> => asking.run(`detach ${quoted}`).then(() => undefined);
    return { adapter: adapterOf(instance, other, name, release), database: name };
  }

  return {
    dialect: duckdb,
    session,
    attach,
    close,
    [Symbol.asyncDispose]: close,
    async version() {
      const opened = await session();
      const { rows } = await opened.query("select version()");
      await opened.close();
      return `DuckDB ${cellText(rows[0]?.[0])}`;
    },
  };
}

async function openInstance(path: string, readOnly = false): Promise<DuckDBInstance> {
  try {
    if (path === ":memory:") return await DuckDBInstance.create(path);
    // DuckDB reads settings behind a question mark, and then loses the files that it writes beside the database.
    if (path.includes("?")) throw questionMark(path);
    if (readOnly) return await DuckDBInstance.create(path, { access_mode: "READ_ONLY" });
    makeFolder(dirname(path));
    // The lock on the file does not hold inside one process; two instances would destroy it, the cache shares one.
    return await shared(path);
  } catch (error) {
    throw openingError(error, path);
  }
}

/** The instance of this process; one that is just being closed is waited for, at most a second. */
async function shared(path: string): Promise<DuckDBInstance> {
  for (let tries = 0; ; tries++) {
    try {
      return await DuckDBInstance.fromCache(path);
    } catch (error) {
      if (tries === 50 || !messageOf(error).includes("Unique file handle conflict")) throw error;
      await wait(20);
    }
  }
}

const questionMark = (path: string): OperationError =>
  new OperationError("WAREHOUSE_PATH", `DuckDB cannot keep a warehouse in a path that holds "?": ${path}`, {
    hint: "name another one in the project file (targets: … path:), or rename the folder",
  });

/** `the warehouse data/w.duckdb is in use by /usr/bin/node (process 4711)` */
function openingError(error: unknown, path: string): unknown {
  const found = queryError(error, "");
  if (found.kind === "locked") {
    const holder = /lock is held in (.+?) \(PID (\d+)\)/.exec(found.message);
    const by = holder
      ? ` by ${lockHolder(holder[2]!) ?? holder[1]} (process ${holder[2]})`
      : " by another process";
    const wayOut = "wait until it ends, or close the program that has it open";
    return found.restated({ message: `the warehouse ${path} is in use${by}: ${wayOut}` });
  }
  // What is not DuckDB's own says enough: a folder that cannot be made, a bug.
  if (!/^[A-Z]\w+ Error: /.test(found.message)) return error;
  const way = DAMAGED.test(found.message) ? `\n${WHOLE_AGAIN}` : "";
  return found.restated({ message: `cannot open the warehouse ${path}: ${found.message}${way}` });
}

const DAMAGED = /not a valid DuckDB database file|Could not read enough bytes|Corrupt database file/;
const WHOLE_AGAIN =
  "put a whole copy in its place (a backup, or the one that is published), or remove it: the next build makes it anew";

const refused =
  (name: string) =>
  (error: unknown): never => {
    if (!(error instanceof QueryError)) throw error;
    throw error.restated({ message: `the setting "${name}" is refused: ${error.message}` });
  };
