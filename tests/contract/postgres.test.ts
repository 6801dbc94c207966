import { describe } from "node:test";
import { openAdapter } from "../../runner/adapters/open.ts";
import type { Adapter } from "../../runner/adapters/adapter.ts";
import { connect, databaseForTests } from "../support/postgres.ts";
import { adapterContract } from "./adapter-contract.ts";
import { postgresTarget } from "./postgres-target.ts";

const server = await databaseForTests();

describe("PostgreSQL", { skip: server.skip }, () => {
  if (server.skip !== false) return;
  const sql = connect(server.url);
  const target = postgresTarget(server.url);

  /** The database as it was made: schemas are cheaper to drop than databases are to create. */
  async function openEmpty(): Promise<Adapter> {
    const schemas = await sql<{ name: string }[]>`
      select quote_ident(nspname) as name from pg_namespace
      where nspname !~ '^pg_' and nspname <> 'information_schema'`;
    await sql.unsafe(
      [...schemas.map(({ name }) => `drop schema ${name} cascade`), "create schema public"].join(";"),
    );
    return openAdapter(target);
  }

  const noFiles = "PostgreSQL writes no files where Statloom runs";
  adapterContract("PostgreSQL", openEmpty, {
    "an external model is a file with a view of it, types and texts kept": noFiles,
    "an external model lies where it says, written as it says": noFiles,
    "a partitioned external model is a folder; values keep their types, nulls too": noFiles,
    "a partitioned external model that is added to replaces the partitions that the query gives": noFiles,
    "an external model of one file is added to by key or by appending": noFiles,
    "a build that fails leaves the old file and view, and nothing beside": noFiles,
    "an external model takes the place of a table and gives it back": noFiles,
  });
});
