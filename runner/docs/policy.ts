const RULES = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
];
/** DuckDB is WebAssembly in a worker, which loads what the page has unpacked. */
const FOR_QUERIES: Readonly<Record<string, string>> = {
  "script-src 'self'": "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'": "connect-src 'self' blob:",
  "base-uri 'none'": "worker-src 'self'; base-uri 'none'",
};

/** What a page may do: load from where it lies, and nothing else. Where queries run, WebAssembly may too. */
export const policyFor = (runsQueries: boolean): string =>
  RULES.map((rule) => (runsQueries ? (FOR_QUERIES[rule] ?? rule) : rule)).join("; ");
