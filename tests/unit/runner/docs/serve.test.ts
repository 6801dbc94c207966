import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { get, request } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { OperationError } from "../../../../runner/base/errors.ts";
import { serve } from "../../../../runner/docs/serve.ts";

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
const ask = (url: string, path: string, method = "GET"): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { path, method, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
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
