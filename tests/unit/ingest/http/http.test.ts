import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { createHttp } from "../../../../ingest/http/create-http.ts";
import type { HttpOptions } from "../../../../ingest/http/create-http.ts";
import { HttpError } from "../../../../ingest/http/http-error.ts";
import type { HttpEvent } from "../../../../ingest/http/types.ts";
import { tempFolder } from "../../../support/temp.ts";

const now = new Date("2026-01-05T12:00:00Z");

async function serve(
  answer: RequestListener,
): Promise<{ url: string; server: Server; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/data`, server, asked };
}

function client(options: Partial<HttpOptions> = {}) {
  const waits: number[] = [];
  const http = createHttp({
    env: {},
    clock: { now: () => now, random: () => 0.5, sleep: async (ms) => void waits.push(ms) },
    signal: new AbortController().signal,
    timeouts: { connectMs: 5000, headersMs: 5000, bodyMs: 5000 },
    ...options,
  });
  after(() => http.close());
  return { http, waits };
}

const code =
  (wanted: string, check: (error: HttpError) => boolean = () => true) =>
  (error: unknown) =>
    error instanceof HttpError && error.code === wanted && check(error);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe("asking", () => {
  test("names the project, and reads gzip", async () => {
    const { url, asked } = await serve((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end(gzipSync("hello"));
    });
    assert.equal(text((await client().http.read({ url })).bytes), "hello");
    assert.match(asked[0]!.headers["user-agent"] ?? "", /^statloom\/\d/);
    assert.equal(asked[0]!.headers["accept"], "*/*");
  });

  test("tries again what may pass, later each time and not at the same moment as others", async () => {
    const statuses = [408, 429, 500, 502, 503];
    const { url } = await serve((_, response) => {
      response.statusCode = statuses.shift() ?? 200;
      response.end("x");
    });
    const { http, waits } = client();
    const events: HttpEvent[] = [];
    await http.read({ url }, { onEvent: (event) => events.push(event) });
    assert.deepEqual(waits, [750, 1500, 3000, 6000, 12_000]);
    assert.deepEqual(
      events.filter(({ kind }) => kind === "retry").map((event) => "code" in event && event.code),
      ["OUTAGE", "RATE_LIMITED", "OUTAGE", "OUTAGE", "OUTAGE"],
    );
    statuses.push(503);
    const other: number[] = [];
    const clock = { now: () => now, random: () => 0.9, sleep: async (ms: number) => void other.push(ms) };
    await client({ clock }).http.read({ url });
    assert.deepEqual(other, [950]);
  });

  test("gives up after six attempts, and at once where asking again cannot help", async () => {
    const { url, asked } = await serve((request, response) => {
      response.statusCode = request.url === "/data" ? 503 : 404;
      response.end();
    });
    const { http } = client();
    await assert.rejects(
      http.read({ url }),
      code("OUTAGE", ({ retryable, status }) => retryable && status === 503),
    );
    assert.equal(asked.length, 6);
    await assert.rejects(
      http.read({ url: `${url}/none` }),
      code("NOT_FOUND", ({ retryable }) => !retryable),
    );
    assert.equal(asked.length, 7);
  });

  test("waits as long as Retry-After says, in seconds or until a date, and passes on what is too long", async () => {
    const said = ["7", "Mon, 05 Jan 2026 12:00:30 GMT", "3600"];
    const { url } = await serve((_, response) => {
      response.writeHead(429, { "retry-after": said.shift() ?? "" });
      response.end();
    });
    const { http, waits } = client();
    await assert.rejects(
      http.read({ url }),
      code("RATE_LIMITED", ({ retryAfterMs }) => retryAfterMs === 3_600_000),
    );
    // Each is waited for by the request and by the host's gate.
    assert.deepEqual([...new Set(waits)], [7000, 30_000]);
  });

  test("gives up on what stands still", async () => {
    const { url } = await serve((request, response) => {
      if (request.url === "/data") response.write("half");
    });
    const { http } = client({ retry: { attempts: 2 }, timeouts: { bodyMs: 40, headersMs: 60 } });
    await assert.rejects(
      http.read({ url }),
      code("TIMEOUT", ({ message }) => /stood still/.test(message)),
    );
    await assert.rejects(
      http.read({ url: `${url}/silent` }),
      code("TIMEOUT", ({ message }) => /no answer/.test(message)),
    );
  });

  test("knows a host that is not there", async () => {
    const { url, server } = await serve(() => undefined);
    server.close();
    const { http } = client({ retry: { attempts: 2 } });
    await assert.rejects(
      http.read({ url }),
      code("CONNECTION_REFUSED", ({ hint }) => /HTTPS_PROXY/.test(hint ?? "")),
    );
    await assert.rejects(http.read({ url: "http://nowhere.invalid/x" }), code("HOST_UNKNOWN"));
  });

  test("stops when it is told to", async () => {
    const { url } = await serve(() => undefined);
    const stop = new AbortController();
    const { http } = client({ signal: stop.signal, timeouts: { headersMs: 5000 } });
    setTimeout(() => stop.abort(new Error("enough")), 20);
    await assert.rejects(http.read({ url }), /enough/);
  });

  test("takes no more bytes than allowed, packed or unpacked", async () => {
    const { url } = await serve((request, response) => {
      response.end(request.url === "/data" ? Buffer.alloc(5000) : gzipSync(Buffer.alloc(5000)));
    });
    const { http } = client();
    const path = join(tempFolder(), "x");
    for (const address of [url, `${url}/bomb`]) {
      await assert.rejects(http.read({ url: address }, { maxBytes: 4000 }), code("DOCUMENT_TOO_BIG"));
      await assert.rejects(
        http.download({ url: address }, path, { maxBytes: 4000 }),
        code("DOCUMENT_TOO_BIG"),
      );
    }
    assert.ok(!existsSync(path));
  });
});

describe("redirects", () => {
  test("are followed within the host, and to hosts that are allowed", async () => {
    const other = await serve((_, response) => response.end("there"));
    const { port } = new URL(other.url);
    const { url } = await serve((request, response) => {
      const to = {
        "/data": "/next",
        "/away": `http://localhost:${port}/`,
        "/loop": "/loop",
        "/plain": "ftp://x/",
      }[request.url ?? ""];
      if (to === undefined) return response.end("here");
      response.writeHead(302, { location: to });
      return response.end();
    });
    const { http } = client();
    assert.equal(text((await http.read({ url })).bytes), "here");
    const away = url.replace("/data", "/away");
    await assert.rejects(
      http.read({ url: away }),
      code("REDIRECT_REFUSED", ({ message }) => /another host/.test(message)),
    );
    await assert.rejects(http.read({ url: url.replace("/data", "/loop") }), code("REDIRECTS_MANY"));
    await assert.rejects(http.read({ url: url.replace("/data", "/plain") }), code("REDIRECT_REFUSED"));
    assert.equal(other.asked.length, 0);
    http.allow(url, { concurrency: 1, calls: 0, seconds: 1 }, ["localhost"]);
    assert.equal(text((await http.read({ url: away })).bytes), "there");
  });
});

describe("downloads", () => {
  const bytes = Buffer.from("0123456789".repeat(1000));
  /** Breaks off after `cut` bytes until `left` times have passed. */
  const broken =
    (state: { left: number; etag: string; cut: number }): RequestListener =>
    (request, response) => {
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
      const goesOn = from > 0 && request.headers["if-range"] === state.etag;
      const rest = goesOn ? bytes.subarray(from) : bytes;
      response.writeHead(goesOn ? 206 : 200, {
        etag: state.etag,
        "content-length": rest.length,
        ...(goesOn && { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
      });
      if (state.left-- <= 0) return response.end(rest);
      response.write(rest.subarray(0, state.cut), () => setTimeout(() => response.destroy(), 5));
      return response;
    };

  test("go on where they broke off, also in another process", async () => {
    const state = { left: 2, etag: '"a"', cut: 3000 };
    const { url, asked } = await serve(broken(state));
    const path = join(tempFolder(), "document");
    const events: HttpEvent[] = [];
    await client().http.download({ url }, path, { onEvent: (event) => events.push(event) });
    assert.deepEqual(readFileSync(path), bytes);
    assert.deepEqual(
      asked.map(({ headers }) => headers.range),
      [undefined, "bytes=3000-", "bytes=6000-"],
    );
    assert.deepEqual(events.filter(({ kind }) => kind === "resumed").length, 2);

    state.left = 1;
    const again = join(tempFolder(), "document");
    await assert.rejects(client({ retry: { attempts: 1 } }).http.download({ url }, again));
    await client().http.download({ url }, again);
    assert.deepEqual(readFileSync(again), bytes);
    assert.equal(asked.at(-1)!.headers.range, "bytes=3000-");
    assert.ok(!existsSync(`${again}.part`) && !existsSync(`${again}.part.json`));
  });

  test("begin anew where the document has changed meanwhile, or was asked for differently", async () => {
    const state = { left: 1, etag: '"a"', cut: 3000 };
    const { url, asked } = await serve(broken(state));
    const path = join(tempFolder(), "document");
    await assert.rejects(client({ retry: { attempts: 1 } }).http.download({ url }, path));
    state.etag = '"b"';
    await client().http.download({ url }, path);
    assert.deepEqual(readFileSync(path), bytes);
    state.left = 1;
    await assert.rejects(client({ retry: { attempts: 1 } }).http.download({ url }, path));
    await client().http.download({ url: `${url}?lang=de` }, path);
    assert.equal(asked.at(-1)!.headers.range, undefined);
  });

  test("are not made where nothing has changed", async () => {
    const { url, asked } = await serve((request, response) => {
      response.writeHead(request.headers["if-none-match"] === '"a"' ? 304 : 200, { etag: '"a"' });
      response.end(request.headers["if-none-match"] === '"a"' ? undefined : "x");
    });
    const { http } = client();
    const path = join(tempFolder(), "document");
    const first = await http.download({ url }, path);
    assert.deepEqual([first.notModified, first.etag], [false, '"a"']);
    assert.equal((await http.download({ url }, path, { known: first })).notModified, true);
    assert.equal(asked.length, 2);
  });
});

describe("a host", () => {
  test("is asked no more at once, and no more often, than it allows", async () => {
    let going = 0;
    let most = 0;
    const times: number[] = [];
    const { url } = await serve((_, response) => {
      most = Math.max(most, ++going);
      times.push(performance.now());
      setTimeout(() => {
        going--;
        response.end("x");
      }, 10);
    });
    const { http } = client();
    http.allow(url, { concurrency: 2, calls: 4, seconds: 0.2 });
    const begun = performance.now();
    await Promise.all(Array.from({ length: 9 }, () => http.read({ url })));
    assert.equal(most, 2);
    assert.ok(times[8]! - begun >= 380, "nine are three windows of four");
  });

  test("is asked through the proxy that the environment names, unless it is excepted", async () => {
    const { url } = await serve((_, response) => response.end("x"));
    const tunnels: string[] = [];
    const proxy = createServer();
    proxy.on("connect", (request: IncomingMessage, socket: Socket) => {
      tunnels.push(request.url ?? "");
      const [host, port] = (request.url ?? "").split(":");
      const upstream = connect(Number(port), host, () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      });
    });
    proxy.listen(0, "127.0.0.1");
    await once(proxy, "listening");
    after(() => proxy.close());
    const HTTP_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const proxied = client({ env: { HTTP_PROXY } }).http;
    assert.equal(text((await proxied.read({ url })).bytes), "x");
    assert.deepEqual(tunnels, [new URL(url).host]);
    await client({ env: { HTTP_PROXY, NO_PROXY: "127.0.0.1" } }).http.read({ url });
    assert.equal(tunnels.length, 1);
    await proxied.close();
    proxy.closeAllConnections();
  });
});
