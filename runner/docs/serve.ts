import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { pipeline } from "node:stream/promises";
import { OperationError, messageOf } from "../base/errors.ts";
import { resolveInside } from "../base/files.ts";

export type Served = {
  /** `http://127.0.0.1:8080/` */
  readonly url: string;
  /** Stops listening and drops open connections; resolves when it is quiet. */
  close(): Promise<void>;
};

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

const headers = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-cache",
};

/**
 * Serves the files of one folder, and nothing outside it, on `host` (loopback unless told) and `port` (0: any free one).
 * A port that is taken, or a folder that is not there, is an OperationError.
 */
export async function serve(folder: string, at: { port: number; host?: string }): Promise<Served> {
  const host = at.host ?? "127.0.0.1";
  const root = await realpath(folder).catch((cause: unknown) => {
    throw new OperationError("SERVE", `cannot serve ${folder}: ${messageOf(cause)}`, {
      cause,
      hint: "run `models docs generate` first",
    });
  });
  const server = createServer((request, response) => {
    answer(root, request, response).catch(() => response.destroy()); // the reader has gone, or the file has
  });
  await listen(server, at.port, host);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      reject(
        new OperationError("SERVE", `cannot listen on ${host}:${port}: ${cause.message}`, {
          cause,
          hint: "name another port with --port, or 0 for any that is free",
        }),
      );
    });
    server.listen(port, host, resolve);
  });
}

async function answer(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    return refuse(response, 405, "only GET and HEAD are answered here");
  }
  const path = await findFile(root, request.url ?? "/");
  if (path === undefined) return refuse(response, 404, "there is no such page");
  const type = types[extname(path)] ?? "application/octet-stream";
  response.writeHead(200, { ...headers, "Content-Type": type, "Content-Length": (await stat(path)).size });
  if (request.method === "HEAD") response.end();
  else await pipeline(createReadStream(path), response);
}

/** The file that a request means; symbolic links are followed and must end inside the folder too. */
async function findFile(root: string, url: string): Promise<string | undefined> {
  try {
    const name = decodeURIComponent(url.replace(/[?#].*$/s, ""));
    if (name.includes("\0") || !name.startsWith("/")) return undefined;
    const path = resolveInside(root, `.${name.endsWith("/") ? `${name}index.html` : name}`);
    if (path === undefined || name.split(/[/\\]/).some((part) => part.startsWith("."))) return undefined;
    const real = await realpath(path);
    if (resolveInside(root, real) === undefined) return undefined;
    return (await stat(real)).isFile() ? real : undefined;
  } catch {
    return undefined; // not there, or not a path at all
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { ...headers, "Content-Type": "text/plain; charset=utf-8" });
  response.end(`${message}\n`);
}
