import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { get, request } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { OperationError } from "../../../../runner/base/errors.ts";
import { serve } from "../../../../runner/docs/serve/serve.ts";

function folder(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), "statloom-serve-"));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, "site/sub"), { recursive: true });
  writeFileSync(join(root, "secret.txt"), "secret");
  writeFileSync(join(root, "site/index.html"), "<h1>home</h1>");
  writeFileSync(join(root, "site/a b.js"), "1");
  writeFileSync(join(root, "site/sub/index.html"), "sub");
  writeFileSync(join(root, "site/.hidden"), "hidden");
  symlinkSync(join(root, "secret.txt"), join(root, "site/link.txt"));
  return join(root, "site");
}

type Answer = { status: number; headers: IncomingHttpHeaders; body: string };
/** Sends the path as it is: `fetch` would tidy it up first. */
const ask = (
  url: string,
  path: string,
  method = "GET",
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { path, method, agent: false, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        const unpack = { br: brotliDecompressSync, gzip: gunzipSync }[
          response.headers["content-encoding"] ?? ""
        ];
        const body = (bytes.length > 0 && unpack ? unpack(bytes) : bytes).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    sent.on("error", reject).end();
  });

test("files are served with their type and strict headers, on loopback", async (t) => {
  const served = await serve(folder(t), { port: 0 });
  t.after(() => served.close());
  assert.match(served.url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
  const home = await ask(served.url, "/?x=1");
  assert.equal(home.status, 200);
  assert.equal(home.body, "<h1>home</h1>");
  assert.equal(home.headers["content-type"], "text/html; charset=utf-8");
  assert.equal(home.headers["x-content-type-options"], "nosniff");
  assert.match(String(home.headers["content-security-policy"]), /^default-src 'none'; script-src 'self';/);
  assert.equal(
    (await ask(served.url, "/a%20b.js")).headers["content-type"],
    "text/javascript; charset=utf-8",
  );
  assert.equal((await ask(served.url, "/sub/")).body, "sub");
  const head = await ask(served.url, "/", "HEAD");
  assert.deepEqual([head.status, head.body, head.headers["content-length"]], [200, "", "13"]);
});

test("nothing outside the folder is served", async (t) => {
  const served = await serve(folder(t), { port: 0 });
  t.after(() => served.close());
  const paths = [
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/sub/../../secret.txt",
    "//etc/passwd",
    "/link.txt",
    "/.hidden",
    "/\\..\\secret.txt",
    "/%00",
    "/%zz",
    "/none",
    "/sub",
    "*",
  ];
  for (const path of paths) {
    const { status, body, headers } = await ask(served.url, path);
    assert.equal(status, 404, path);
    assert.equal(body, "there is no such page\n");
    assert.equal(headers["x-content-type-options"], "nosniff");
  }
});

test("only reading is answered", async (t) => {
  const served = await serve(folder(t), { port: 0 });
  t.after(() => served.close());
  const { status, headers } = await ask(served.url, "/", "POST");
  assert.deepEqual([status, headers["allow"]], [405, "GET, HEAD"]);
});

test("a port that is taken and a folder that is not there are told in words", async (t) => {
  const site = folder(t);
  const served = await serve(site, { port: 0 });
  t.after(() => served.close());
  const port = Number(new URL(served.url).port);
  await assert.rejects(
    serve(site, { port }),
    (error) => error instanceof OperationError && /--port/.test(error.hint ?? ""),
  );
  await assert.rejects(
    serve(join(site, "none"), { port: 0 }),
    (error) => error instanceof OperationError && /docs generate/.test(error.hint ?? ""),
  );
});

test("closing ends open connections and frees the port", async (t) => {
  const served = await serve(folder(t), { port: 0 });
  const waiting = new Promise((resolve) => {
    get(served.url, { headers: { connection: "keep-alive" } }, (response) =>
      response.resume().on("close", resolve),
    );
  });
  await waiting;
  await served.close();
  await assert.rejects(ask(served.url, "/"), /ECONNREFUSED/);
});

test("a name that is not this machine's is not answered: another site may have pointed it here", async (t) => {
  const served = await serve(folder(t), { port: 0, hostNames: ["docs.example.org"] });
  t.after(() => served.close());
  const of = async (host: string): Promise<number> => (await ask(served.url, "/", "GET", { host })).status;
  for (const host of [
    "localhost:1",
    "127.0.0.1",
    "[::1]:80",
    "192.0.2.7",
    "a.localhost",
    "Docs.Example.org:8080",
  ])
    assert.equal(await of(host), 200, host);
  for (const host of [
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "a@localhost",
    "localhost/x",
  ])
    assert.equal(await of(host), 421, host);
});

test("what the reader has already is not sent again, and a piece is sent where one is asked for", async (t) => {
  const served = await serve(folder(t), { port: 0 });
  t.after(() => served.close());
  const whole = await ask(served.url, "/");
  const etag = String(whole.headers.etag);
  const again = await ask(served.url, "/", "GET", { "if-none-match": etag });
  assert.deepEqual([again.status, again.body, again.headers.etag], [304, "", etag]);
  const piece = async (range: string, more = {}): Promise<unknown[]> => {
    const { status, body, headers } = await ask(served.url, "/", "GET", { range, ...more });
    return [status, body, headers["content-range"], headers["content-length"]];
  };
  assert.deepEqual(await piece("bytes=4-7"), [206, "home", "bytes 4-7/13", "4"]);
  assert.deepEqual(await piece("bytes=-5"), [206, "</h1>", "bytes 8-12/13", "5"]);
  assert.deepEqual(await piece("bytes=4-7", { "if-range": etag }), [206, "home", "bytes 4-7/13", "4"]);
  assert.deepEqual(await piece("bytes=4-7", { "if-range": '"older"' }), [
    200,
    "<h1>home</h1>",
    undefined,
    "13",
  ]);
  assert.deepEqual((await piece("bytes=99-"))[0], 416);
  assert.deepEqual((await piece("bytes=0-1,4-5"))[0], 200);
});

test("long text is packed as the reader takes it", async (t) => {
  const site = folder(t);
  const text = "select 1; ".repeat(500);
  writeFileSync(join(site, "long.js"), text);
  writeFileSync(join(site, "long.parquet"), text);
  const served = await serve(site, { port: 0 });
  t.after(() => served.close());
  const packed = async (path: string, taken: string): Promise<unknown[]> => {
    const { headers, body } = await ask(served.url, path, "GET", { "accept-encoding": taken });
    assert.equal(body, text);
    return [headers["content-encoding"], headers.vary];
  };
  assert.deepEqual(await packed("/long.js", "gzip, deflate, br"), ["br", "Accept-Encoding"]);
  assert.deepEqual(await packed("/long.js", "gzip"), ["gzip", "Accept-Encoding"]);
  assert.deepEqual(await packed("/long.js", "br;q=0"), [undefined, "Accept-Encoding"]);
  assert.deepEqual(await packed("/long.parquet", "br"), [undefined, "Accept-Encoding"]);
});

test("WebAssembly may run on the page that needs it, and nowhere else", async (t) => {
  const site = folder(t);
  mkdirSync(join(site, "vendor"));
  for (const name of ["explore.html", "vendor/duckdb.worker.js"]) writeFileSync(join(site, name), "");
  const served = await serve(site, { port: 0 });
  t.after(() => served.close());
  const policyOf = async (path: string): Promise<string> =>
    String((await ask(served.url, path)).headers["content-security-policy"]);
  for (const path of ["/explore.html", "/vendor/duckdb.worker.js"])
    assert.match(await policyOf(path), /script-src 'self' 'wasm-unsafe-eval';/);
  for (const path of ["/", "/a%20b.js", "/explore", "/sub/../vendor/duckdb.worker.js"])
    assert.match(await policyOf(path), /script-src 'self';/);
  for (const path of ["/", "/explore.html"])
    assert.doesNotMatch(await policyOf(path), /unsafe-inline|unsafe-eval'? 'un/);
});

describe("with a token", () => {
  const token = "a-token-that-is-long-enough";
  const open = async (t: TestContext): Promise<string> => {
    const served = await serve(folder(t), { port: 0, token });
    t.after(() => served.close());
    return served.url;
  };
  test("nothing is served without it", async (t) => {
    const url = await open(t);
    for (const headers of [
      {},
      { authorization: "Bearer wrong" },
      { authorization: `Basic ${token}` },
      { cookie: `statloom=${token}` },
    ]) {
      const { status, body, headers: answered } = await ask(url, "/", "GET", headers);
      assert.deepEqual([status, body], [401, "open this page with its token: …/?token=…\n"]);
      assert.match(String(answered["www-authenticate"]), /^Bearer /);
    }
    assert.equal((await ask(url, "/none")).status, 401);
    assert.equal((await ask(url, "/?token=wrong")).status, 401);
  });
  test("it comes in a header, or once in the address and from then on as a cookie that does not hold it", async (t) => {
    const url = await open(t);
    assert.equal((await ask(url, "/", "GET", { authorization: `Bearer ${token}` })).body, "<h1>home</h1>");
    const first = await ask(url, `/sub/?token=${token}&x=1`);
    assert.deepEqual([first.status, first.headers.location], [303, "/sub/?x=1"]);
    const [cookie, ...attributes] = String(first.headers["set-cookie"]).split("; ");
    assert.deepEqual(attributes, ["HttpOnly", "SameSite=Strict", "Path=/"]);
    assert.ok(!cookie!.includes(token));
    assert.equal((await ask(url, "/", "GET", { cookie: `a=b; ${cookie}` })).body, "<h1>home</h1>");
    assert.equal((await ask(await open(t), "/", "GET", { cookie: cookie! })).status, 401, "another process");
    assert.equal((await ask(url, `//evil.example/?token=${token}`)).headers.location, "/");
  });
});
