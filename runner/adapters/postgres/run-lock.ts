import { hostname } from "node:os";
import { printable } from "../../base/text.ts";
import { postgres } from "../../dialects/postgres.ts";
import type { PostgresTarget } from "../../project/types.ts";
import { QueryError } from "../query-error.ts";
import { connectionError } from "./connection-errors.ts";
import type { Line } from "./line.ts";

/**
 * Takes the lock of a target's schema for as long as the line is open: the server lets go of it with the connection, however that ends.
 * Returns what gives it back. Held by another: a QueryError of kind "locked" that says by whom, and the line is closed.
 */
export async function takeRunLock(target: PostgresTarget, line: Line): Promise<() => Promise<void>> {
  const key = `hashtextextended(${postgres.literal(`statloom run ${target.schema}`)}, 0)`;
  const name = `${target.connection.applicationName} (process ${process.pid} on ${hostname()})`;
  const asked = line.send(
    [
      `select set_config('application_name', ${postgres.literal(name.slice(0, 63))}, false)`,
      `select pg_try_advisory_lock(${key})`,
      `select a.application_name, a.usename, to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
       from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a using (pid)
       where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.pid <> pg_backend_pid()
         and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
         and (l.classid::bigint << 32 | l.objid::bigint) = ${key}`,
    ].join(";\n"),
    "script",
  );
  const found = await asked.catch(async (error: unknown) => {
    await line.hangUp();
    throw connectionError(error, target.connection);
  });
  if (String(found[1]?.rows[0]?.[0]) === "t") return () => line.hangUp();
  await line.hangUp();
  const [application, user, since] = found[2]?.rows[0]?.map(String) ?? [];
  const by = application === undefined ? "another run" : `${application}, user ${user}, since ${since}`;
  const message = `the schema "${target.schema}" of ${target.connection.database} is being built by ${by}: wait until it ends`;
  throw new QueryError({ message: printable(message), kind: "locked", sql: "" });
}
