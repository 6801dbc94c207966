import type { ServerResponse } from "node:http";
import { policyFor } from "../policy.ts";

/** The only page that runs WebAssembly, and its worker. */
const QUERY_PAGE = /^\/(?:explore\.html|vendor\/duckdb\.worker\.js)$/;

/** What every answer says, whatever it is. */
export function setSecurityHeaders(response: ServerResponse, path: string): void {
  const policy = `${policyFor(QUERY_PAGE.test(path))}; frame-ancestors 'none'`;
  response.setHeaders(
    new Map([
      ["Content-Security-Policy", policy],
      ["X-Content-Type-Options", "nosniff"],
      ["X-Frame-Options", "DENY"],
      ["Referrer-Policy", "no-referrer"],
      ["Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"],
      ["Cross-Origin-Opener-Policy", "same-origin"],
      ["Cross-Origin-Embedder-Policy", "require-corp"],
      ["Cross-Origin-Resource-Policy", "same-origin"],
      ["Cache-Control", "no-cache"],
    ]),
  );
}

/** Ends an answer with a line of text. */
export function say(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" });
  response.end(`${message}\n`);
}
