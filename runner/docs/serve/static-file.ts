import { createReadStream } from "node:fs";
import type { Stats } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname } from "node:path";
import { pipeline } from "node:stream/promises";
import { constants, createBrotliCompress, createGzip } from "node:zlib";
import fresh from "fresh";
import Negotiator from "negotiator";
import parseRange from "range-parser";
import { resolveInside } from "../../base/files.ts";
import { say } from "./headers.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".gz": "application/gzip",
  ".parquet": "application/vnd.apache.parquet",
};
/** What gets smaller by more than it costs; the others are packed already. */
const PACKED = new Set([".html", ".js", ".css", ".csv", ".txt", ".svg", ".json"]);
const WORTH_PACKING = 1024;
/** 4 of 11: a quarter of the time of the usual level for text, at nine tenths of its gain. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

/** The file that a path of a request means; symbolic links are followed and must end inside the folder too. */
export async function findFile(root: string, url: string): Promise<string | undefined> {
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

/** Sends a file: packed where the reader takes that, a piece where one is asked for, and nothing where the reader has it already. */
export async function sendFile(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const file = await stat(path);
  const packing = packingFor(path, file, request);
  const etag = `"${file.size.toString(36)}-${Math.round(file.mtimeMs).toString(36)}${packing === null ? "" : `-${packing}`}"`;
  response.setHeaders(
    new Map([
      ["Content-Type", types[extname(path)] ?? "application/octet-stream"],
      ["ETag", etag],
      ["Last-Modified", file.mtime.toUTCString()],
      ["Vary", "Accept-Encoding"],
    ]),
  );
  const isKnown = fresh(request.headers, { etag, "last-modified": file.mtime.toUTCString() });
  if (isKnown) return void response.writeHead(304).end();
  const isHead = request.method === "HEAD";
  if (packing !== null) {
    response.writeHead(200, { "Content-Encoding": packing });
    if (isHead) return void response.end();
    const packer = packing === "br" ? createBrotliCompress(BROTLI) : createGzip();
    return pipeline(createReadStream(path), packer, response);
  }
  response.setHeader("Accept-Ranges", "bytes");
  const asked = rangeOf(request, file, etag);
  if (asked === "beyond") {
    response.setHeader("Content-Range", `bytes */${file.size}`);
    return say(response, 416, "the file ends before that");
  }
  const { start, end } = asked ?? { start: 0, end: file.size - 1 };
  response.writeHead(asked ? 206 : 200, {
    "Content-Length": end - start + 1,
    ...(asked && { "Content-Range": `bytes ${start}-${end}/${file.size}` }),
  });
  if (isHead || file.size === 0) return void response.end();
  return pipeline(createReadStream(path, { start, end }), response);
}

function packingFor(path: string, file: Stats, request: IncomingMessage): "br" | "gzip" | null {
  if (!PACKED.has(extname(path)) || file.size < WORTH_PACKING || request.headers.range !== undefined)
    return null;
  const reader = new Negotiator(request);
  return (["br", "gzip"] as const).find((name) => reader.encodings([name]).length > 0) ?? null;
}

/** The one piece that is asked for; null: all of it, also where several pieces are asked for or the file is another by now. */
function rangeOf(
  { headers }: IncomingMessage,
  file: Stats,
  etag: string,
): { readonly start: number; readonly end: number } | "beyond" | null {
  if (headers.range === undefined) return null;
  const of = headers["if-range"];
  if (of !== undefined && of !== etag && of !== file.mtime.toUTCString()) return null;
  const ranges = parseRange(file.size, headers.range);
  if (ranges === -1) return "beyond";
  return ranges === -2 || ranges.type !== "bytes" || ranges.length !== 1 ? null : (ranges[0] ?? null);
}
