import { OperationError, messageOf } from "../base/errors.ts";
import type { JsonObject } from "../base/json.ts";
import { printable } from "../base/text.ts";

const TIMEOUT_MS = 10_000;

/** How long the receiver asks to be left alone, on an error that says so. */
export class NotTakenError extends OperationError {
  readonly retryAfterMs: number | null;
  constructor(message: string, retryable: boolean, retryAfterMs: number | null = null) {
    super("NOT_TAKEN", message, { retryable });
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Posts JSON; the answer's text where it was taken. Redirects are not followed: they would carry the message elsewhere. Messages of
 * errors name the host alone, since the rest of a webhook's address is its secret.
 */
export async function postJson(
  url: string,
  body: JsonObject,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string> {
  const { host, protocol } = new URL(url);
  if (!/^https?:$/.test(protocol))
    throw new NotTakenError(
      `nothing can be sent to ${protocol}//${host}: an address is https:// or http://`,
      false,
    );
  let response;
  let text;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "statloom", ...headers },
      body: JSON.stringify(body),
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    text = (await response.text()).slice(0, 2000);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new NotTakenError(`${host}: ${messageOf(cause)}`, true);
  }
  if (response.ok) return text;
  const isPassing = response.status === 408 || response.status === 429 || response.status >= 500;
  const wait = Number(response.headers.get("retry-after"));
  throw new NotTakenError(
    `${host} answered ${response.status}: ${printable(text.slice(0, 200))}`,
    isPassing,
    Number.isFinite(wait) && wait > 0 ? wait * 1000 : null,
  );
}
