import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { connectionFromUrl, postgresTarget } from "../../../../runner/project/postgres-target.ts";
import { postgresTargetSchema } from "../../../../runner/project/project-schema.ts";
import { tempFolder, writeFiles } from "../../../support/temp.ts";

const read = (config: object, env: Record<string, string> = {}) =>
  postgresTarget("dev", postgresTargetSchema.parse({ type: "postgres", ...config }), "/project", env);

describe("a PostgreSQL target", () => {
  test("is what is said, then the URL, then the PG* variables, then libpq's defaults", () => {
    const env = { PGHOST: "env-host", PGUSER: "env-user", PGDATABASE: "env-db", PGSSLMODE: "require" };
    const url = "postgresql://me:p%40ss@db.example:6000/shop?sslmode=verify-full&sslrootcert=ca.pem";
    const { connection } = read({ url, host: "other", dbname: "mine" }, env).target;
    assert.deepEqual(connection, {
      host: "other",
      port: 6000,
      user: "me",
      password: "p@ss",
      database: "mine",
      tls: { mode: "verify-full", rootCert: "/project/ca.pem", cert: undefined, key: undefined },
      applicationName: "statloom",
      connectTimeout: 15,
    });
    const fromEnv = read({}, env).target.connection;
    assert.deepEqual(
      [fromEnv.host, fromEnv.port, fromEnv.user, fromEnv.database, fromEnv.tls.mode],
      ["env-host", 5432, "env-user", "env-db", "require"],
    );
    const bare = read({}, { USER: "ann" }).target.connection;
    assert.deepEqual(
      [bare.host, bare.user, bare.database, bare.tls.mode],
      ["localhost", "ann", "ann", "prefer"],
    );
    assert.equal(read({ url: "postgres:///db?host=/run/pg" }).target.connection.host, "/run/pg");
  });

  test("says what sessions set", () => {
    const { settings } = read({
      statement_timeout: "30s",
      lock_timeout: 500,
      search_path: ["a b", "public"],
      role: "builder",
      settings: { work_mem: "64MB" },
    }).target;
    assert.deepEqual(settings, {
      statement_timeout: "30s",
      lock_timeout: 500,
      search_path: '"a b", "public"',
      role: "builder",
      work_mem: "64MB",
    });
  });

  test("refuses what is no address, and never repeats it", () => {
    for (const url of [
      "mysql://secret@x/y",
      "postgres://secret:pa%zz@h/d",
      "postgres://h/d?sslmode=secret",
    ]) {
      const { mistakes } = read({ url });
      assert.equal(mistakes[0]?.key, "url");
      assert.doesNotMatch(JSON.stringify(mistakes), /secret/);
    }
    assert.equal(connectionFromUrl("no", "/", {}), undefined);
  });

  test("finds its password in ~/.pgpass, which nobody else may read", () => {
    const home = writeFiles(tempFolder(), {
      ".pgpass": "# mine\nother:*:*:*:no\ndb:5432:*:me:with\\:colon\n*:*:*:*:any\n",
    });
    const passwordOf = (config: object): string | undefined =>
      read(config, { HOME: home }).target.connection.password;
    chmodSync(join(home, ".pgpass"), 0o644);
    assert.equal(passwordOf({ host: "db", user: "me" }), undefined);
    chmodSync(join(home, ".pgpass"), 0o600);
    assert.equal(passwordOf({ host: "db", user: "me" }), "with:colon");
    assert.equal(passwordOf({ host: "else", user: "me" }), "any");
    assert.equal(passwordOf({ host: "db", user: "me", password: "own" }), "own");
  });
});
