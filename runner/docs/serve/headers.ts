import type { ServerResponse } from "node:http";

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];
/** DuckDB is WebAssembly in a worker that is made from memory, as it is unpacked there. */
const QUERIES: Readonly<Record<string, string>> = {
  "script-src 'self'": "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'": "connect-src 'self' blob:; worker-src 'self' blob:",
};
/** The only page that runs WebAssembly, and the folder of its worker. */
const QUERY_PAGE = /^\/explore(?:\.html$|\/)/;

/** What every answer says, whatever it is. */
export function setSecurityHeaders(response: ServerResponse, path: string): void {
  const policy = QUERY_PAGE.test(path) ? POLICY.map((rule) => QUERIES[rule] ?? rule) : POLICY;
  response.setHeaders(
    new Map([
      ["Content-Security-Policy", policy.join("; ")],
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
