import type { Answered, Verdict } from "./types.ts";

/** What a status means where the publisher says no more. */
export function judgeStatus({ status, url }: Answered): Verdict {
  if (status < 300) return { kind: "data" };
  // Whoever reads a message need not see what an address carries besides.
  const { host, pathname } = new URL(url);
  const message = `${host} answers ${status}`;
  if (status === 429)
    return { kind: "retry", code: "RATE_LIMITED", message: `${message}: too many requests` };
  if (status === 408 || status >= 500) return { kind: "retry", code: "OUTAGE", message };
  if (status === 404 || status === 410)
    return { kind: "refused", code: "NOT_FOUND", message: `${message}: there is nothing at ${pathname}` };
  if (status === 413) return { kind: "too big", code: "TOO_BIG", message: `${message}: too much at once` };
  return { kind: "refused", code: "REQUEST_REFUSED", message: `${message} to ${pathname}` };
}
