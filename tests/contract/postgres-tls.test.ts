import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { openStaging } from "../../ingest/landing/postgres/open-staging.ts";
import { openAdapter } from "../../runner/adapters/open.ts";
import { connectionFromUrl } from "../../runner/project/postgres-target.ts";
import type { PostgresTarget } from "../../runner/project/types.ts";
import { messageOf } from "../../runner/base/errors.ts";
import { makeProject, models } from "../support/models.ts";
import { askOnce, connect, postgresForTests } from "../support/postgres.ts";
import { tempFolder } from "../support/temp.ts";
import { until } from "../support/until.ts";
import { editionOf } from "../unit/ingest/landing/postgres/editions.ts";
import { postgresTarget } from "./postgres-target.ts";

const server = await postgresForTests();
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
const skip =
  server.skip !== false
    ? server.skip
    : !server.isOurs
      ? "its rules are not ours to change"
      : !hasOpenssl && "there is no openssl";

/** Who may come in how. */
const RULES = [
  "hostssl all tls_only all trust",
  "hostnossl all plain_only all trust",
  "hostssl all by_certificate all cert",
  "host all by_password all scram-sha-256",
  "host all postgres,weak all trust",
];

describe("PostgreSQL by TLS", { skip }, () => {
  if (skip) return;
  const sql = connect(server.url);
  const folder = tempFolder();
  const file = (name: string): string => join(folder, name);
  const openssl = (...words: string[]): void =>
    void execFileSync("openssl", words, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  /** A certificate signed by itself, and one signed by it. */
  const authority = (name: string): void =>
    openssl(
      "req",
      "-x509",
      ...newKey,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.crt`,
      "-days",
      "2",
      "-subj",
      `/CN=${name}`,
    );
  const signed = (name: string, subject: string, by: string, ...more: string[]): void => {
    openssl(
      "req",
      ...newKey,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
      "-subj",
      `/CN=${subject}`,
      ...more,
    );
    openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      "-CA",
      `${by}.crt`,
      "-CAkey",
      `${by}.key`,
      "-CAcreateserial",
      "-days",
      "2",
      "-copy_extensions",
      "copy",
      "-out",
      `${name}.crt`,
    );
  };
  /** The server writes its files itself: they have to be its own. */
  const give = async (path: string, lines: readonly string[]): Promise<void> => {
    const text = lines.map((line) => `'${line}'`).join(", ");
    await sql.unsafe(`copy (select unnest(array[${text}]::text[])) to '${path}'`);
  };
  const reload = async (): Promise<void> => {
    const read = async (sql: string) => String((await askOnce(server.url, sql))[0]!["read"]);
    const before = await read("select pg_conf_load_time()::text as read, pg_reload_conf()");
    // A connection that is new knows when the server last read what it lets in.
    await until(
      "the server has read its rules",
      async () => (await read("select pg_conf_load_time()::text as read")) !== before,
    );
  };

  before(async () => {
    authority("known");
    authority("stranger");
    signed("server", "localhost", "known", "-addext", "subjectAltName=DNS:localhost");
    signed("client", "by_certificate", "known");
    const [row] =
      await sql`select current_setting('data_directory') as data, current_setting('hba_file') as hba`;
    const { data, hba } = row as unknown as { data: string; hba: string };
    for (const [name, source] of [
      ["server.crt", "server.crt"],
      ["server.key", "server.key"],
      ["root.crt", "known.crt"],
    ] as const)
      await give(join(data, name), readFileSync(file(source), "utf8").trim().split("\n"));
    chmodSync(join(data, "server.key"), 0o600);
    await sql.unsafe(
      "create role tls_only login; create role plain_only login; create role by_certificate login; create role weak login; create role by_password login password 'hush-good'",
    );
    await give(hba, RULES);
    await sql.unsafe("alter system set ssl_ca_file = 'root.crt'");
    await sql.unsafe("alter system set ssl = on");
    await reload();
  });

  const at = (user: string, host: string, query: Record<string, string>): string => {
    const url = new URL(server.url);
    Object.assign(url, { username: user, hostname: host });
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    return url.href;
  };
  const target = (url: string): PostgresTarget => ({
    ...postgresTarget(url),
    connection: connectionFromUrl(url, folder, { HOME: folder })!,
  });
  /** Whether a connection is encrypted, or why there is none. */
  const encrypted = async (
    user: string,
    host: string,
    query: Record<string, string>,
  ): Promise<boolean | string> => {
    try {
      await using db = await openAdapter(target(at(user, host, query)));
      const session = await db.session();
      return (
        (await session.query("select ssl from pg_stat_ssl where pid = pg_backend_pid()")).rows[0]?.[0] ===
        true
      );
    } catch (error) {
      return messageOf(error);
    }
  };
  const ca = { sslrootcert: "known.crt" };
  const other = { sslrootcert: "stranger.crt" };

  test("every mode does what libpq has it do", async () => {
    assert.equal(await encrypted("postgres", "127.0.0.1", { sslmode: "disable" }), false);
    assert.equal(await encrypted("postgres", "127.0.0.1", { sslmode: "allow" }), false);
    assert.equal(await encrypted("tls_only", "127.0.0.1", { sslmode: "allow" }), true);
    assert.equal(await encrypted("postgres", "127.0.0.1", { sslmode: "prefer" }), true);
    assert.equal(await encrypted("plain_only", "127.0.0.1", { sslmode: "prefer" }), false);
    assert.equal(await encrypted("tls_only", "127.0.0.1", { sslmode: "require" }), true);
    assert.equal(await encrypted("tls_only", "127.0.0.1", { sslmode: "require", ...ca }), true);
    assert.equal(await encrypted("tls_only", "127.0.0.1", { sslmode: "verify-ca", ...ca }), true);
    assert.equal(await encrypted("tls_only", "localhost", { sslmode: "verify-full", ...ca }), true);
  });

  test("what a certificate or a rule forbids is told in words, with the way out", async () => {
    const cases: readonly (readonly [string, string, Record<string, string>, RegExp])[] = [
      [
        "tls_only",
        "127.0.0.1",
        { sslmode: "disable" },
        /does not let user "tls_only" in: .*no encryption.*\n.*set sslmode to require or disable/,
      ],
      [
        "plain_only",
        "127.0.0.1",
        { sslmode: "require" },
        /does not let user "plain_only" in: .*SSL encryption/,
      ],
      [
        "tls_only",
        "127.0.0.1",
        { sslmode: "require", ...other },
        /signed by nobody known here.*\nsslrootcert is not the certificate that signed it/,
      ],
      [
        "tls_only",
        "localhost",
        { sslmode: "verify-ca" },
        /signed by nobody known here.*\nset sslrootcert to/,
      ],
      ["tls_only", "localhost", { sslmode: "verify-full", ...other }, /signed by nobody known here/],
      [
        "tls_only",
        "127.0.0.1",
        { sslmode: "verify-full", ...ca },
        /its certificate is for another name than "127\.0\.0\.1".*\nname the host as the certificate does/,
      ],
      [
        "tls_only",
        "localhost",
        { sslmode: "verify-full", sslrootcert: "nowhere.crt" },
        /cannot read .*nowhere\.crt/,
      ],
      [
        "by_certificate",
        "127.0.0.1",
        { sslmode: "require" },
        /does not let user "by_certificate" in: connection requires a valid client certificate/,
      ],
    ];
    for (const [user, host, query, words] of cases)
      assert.match(
        String(await encrypted(user, host, query)),
        words,
        `${user} ${host} ${JSON.stringify(query)}`,
      );
  });

  test("a client shows its certificate, in every mode that has TLS", async () => {
    const own = { sslcert: "client.crt", sslkey: "client.key" };
    for (const sslmode of ["require", "prefer", "verify-ca"])
      assert.equal(await encrypted("by_certificate", "localhost", { sslmode, ...ca, ...own }), true, sslmode);
    assert.match(
      String(await encrypted("tls_only", "127.0.0.1", { sslmode: "require", ...own, sslkey: "server.key" })),
      /TLS failed: .*key values mismatch/,
    );
  });

  test("staging connects as a target does, and says why not in the same words", async () => {
    const stage = async (user: string, host: string, query: Record<string, string>): Promise<string> => {
      const staging = openStaging({
        url: at(user, host, query),
        schema: "tls",
        keepDocuments: "none",
        root: folder,
        env: { HOME: folder },
      });
      try {
        return (await staging.stage(editionOf(1, [{ geo: "AT", value: 1 }]))).outcome;
      } catch (error) {
        return messageOf(error);
      } finally {
        await staging.close();
      }
    };
    assert.equal(await stage("postgres", "localhost", { sslmode: "verify-full", ...ca }), "loaded");
    assert.match(
      await stage("postgres", "localhost", { sslmode: "verify-full", ...other }),
      /^cannot connect to PostgreSQL at localhost:\d+: its certificate is signed by nobody/,
    );
    assert.match(
      await stage("tls_only", "localhost", { sslmode: "disable" }),
      /does not let user "tls_only" in/,
    );
  });

  test("debug says what is wrong, and never the password", async () => {
    const cwd = makeProject({
      "sql_project.yaml":
        'name: shop\ntarget: pg\ntargets:\n  pg: {type: postgres, url: "${URL}", schema: shop}\n',
    });
    const debug = async (url: string): Promise<string> => {
      const { out, err } = await models(cwd, ["debug", "--target", "pg"], {
        env: { URL: url, HOME: folder },
      });
      assert.doesNotMatch(out + err, /hush/);
      return out + err;
    };
    const secret = (password: string, url: string): string =>
      url.replace("by_password@", `by_password:${password}@`);
    const here = at("by_password", "127.0.0.1", {});
    assert.match(
      await debug(secret("hush-bad", here)),
      /the password of user "by_password" is not accepted \(28P01\)/,
    );
    assert.match(await debug(here), /user "by_password" needs a password, and none is given/);
    assert.match(
      await debug(secret("hush-good", at("by_password", "nowhere.invalid", {}))),
      /no host is called "nowhere\.invalid"/,
    );
    assert.match(
      await debug(secret("hush-good", here.replace(/:\d+\//, ":1/"))),
      /nothing listens there \(ECONNREFUSED\)/,
    );
    assert.match(
      await debug(at("postgres", "127.0.0.1", {}).replace(/\/postgres(?=$|\?)/, "/nothing")),
      /there is no database "nothing" \(3D000\)/,
    );
    assert.match(await debug(at("nobody", "127.0.0.1", {})), /does not let user "nobody" in/);
    assert.match(
      await debug(at("weak", "127.0.0.1", {})),
      /user weak may not make the schema shop: grant create on database postgres to weak/,
    );
    assert.match(await debug(at("postgres", "127.0.0.1", {})), /PostgreSQL 1\d/);
  });

  test("a server without TLS is told from one that hangs up", async () => {
    await sql.unsafe("alter system set ssl = off");
    await reload();
    assert.equal(await encrypted("postgres", "127.0.0.1", { sslmode: "prefer" }), false);
    const own = { sslmode: "prefer", sslcert: "client.crt", sslkey: "client.key" };
    assert.equal(await encrypted("postgres", "127.0.0.1", own), false);
    assert.match(
      String(await encrypted("postgres", "127.0.0.1", { sslmode: "require" })),
      /does the server do TLS at all/,
    );
  });
});
