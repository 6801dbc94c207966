import { OperationError } from "../../runner/base/errors.ts";

/** An answer that could not be had, or that is no data. `tooBig`: it may be had in parts. */
export class HttpError extends OperationError {
  readonly status: number | null;
  readonly tooBig: boolean;
  /** How many parts it would take, at least; 2 where nobody says. */
  readonly pieces: number;
  /** Milliseconds that the publisher asks to be left alone. */
  readonly retryAfterMs: number | null;
  constructor(
    code: string,
    message: string,
    options: {
      readonly hint?: string;
      readonly cause?: unknown;
      readonly retryable?: boolean;
      readonly status?: number | null;
      readonly tooBig?: boolean;
      readonly pieces?: number | undefined;
      readonly retryAfterMs?: number | null;
    } = {},
  ) {
    super(code, message, options);
    this.status = options.status ?? null;
    this.tooBig = options.tooBig ?? false;
    this.pieces = options.pieces ?? 2;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** Made ready by the publisher meanwhile: asking again brings it. */
export class NotReadyError extends HttpError {}

const NETWORK: Readonly<Record<string, readonly [code: string, message: string]>> = {
  ENOTFOUND: ["HOST_UNKNOWN", "the host's name cannot be resolved"],
  EAI_AGAIN: ["HOST_UNKNOWN", "the host's name cannot be resolved now"],
  ECONNREFUSED: ["CONNECTION_REFUSED", "the host refuses connections"],
  ECONNRESET: ["CONNECTION_LOST", "the connection was reset"],
  EPIPE: ["CONNECTION_LOST", "the connection was closed"],
  ENETUNREACH: ["NETWORK_DOWN", "the network is unreachable"],
  EHOSTUNREACH: ["NETWORK_DOWN", "the host is unreachable"],
  ETIMEDOUT: ["TIMEOUT", "the connection timed out"],
  UND_ERR_CONNECT_TIMEOUT: ["TIMEOUT", "no connection within the time allowed"],
  UND_ERR_HEADERS_TIMEOUT: ["TIMEOUT", "no answer within the time allowed"],
  UND_ERR_BODY_TIMEOUT: ["TIMEOUT", "the answer stood still for longer than allowed"],
  UND_ERR_SOCKET: ["CONNECTION_LOST", "the connection was closed before the answer was whole"],
  UND_ERR_ABORTED: ["CONNECTION_LOST", "the connection was closed before the answer was whole"],
  // Bun's own words.
  ConnectionRefused: ["CONNECTION_REFUSED", "the host refuses connections"],
  ConnectionClosed: ["CONNECTION_LOST", "the connection was closed before the answer was whole"],
  FailedToOpenSocket: ["HOST_UNKNOWN", "no connection can be opened"],
  ZlibError: ["GZIP_BROKEN", "the answer cannot be unpacked"],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ["TRUNCATED", "the answer is not as long as announced"],
};

/** What the client throws, in words; undefined for what is no failure of the network. */
export function networkError(error: unknown, host: string): HttpError | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    // One error an address that was tried: they seldom differ.
    const first: unknown = at instanceof AggregateError ? at.errors[0] : at;
    const { code = "", name, message } = first as NodeJS.ErrnoException;
    const known =
      NETWORK[code] ?? (name === "HTTPParserError" || code.startsWith("HPE_") ? PARSER : undefined);
    if (known !== undefined) {
      const [ours, words] = known;
      return new HttpError(ours, `${host}: ${words}`, { cause: error, retryable: true, hint: hintFor(ours) });
    }
    if (
      code.startsWith("UND_ERR") ||
      /^(?:CERT|ERR_TLS|ERR_SSL|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO)/.test(code)
    ) {
      return new HttpError("CONNECTION_FAILED", `${host}: ${message}`, { cause: error, retryable: true });
    }
  }
  return undefined;
}

const PARSER = ["ANSWER_BROKEN", "the answer is not HTTP"] as const;

const hintFor = (code: string): string =>
  code === "HOST_UNKNOWN" || code === "NETWORK_DOWN" || code === "CONNECTION_REFUSED"
    ? "check the network, and HTTPS_PROXY and NO_PROXY where there is a proxy; what has landed stays as it is"
    : "it is tried again by itself; what has landed stays as it is";
