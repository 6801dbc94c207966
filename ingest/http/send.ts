import { Agent, EnvHttpProxyAgent, request as send } from "undici";
import type { Dispatcher } from "undici";
import { HttpError, networkError } from "./http-error.ts";
import type { HttpRequest } from "./types.ts";

export type Sent = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly url: string;
  readonly body: AsyncIterable<Uint8Array>;
  /** Lets go of a body that nobody wants. */
  discard(): Promise<void>;
};

export type SendOptions = {
  readonly dispatcher: Dispatcher;
  readonly userAgent: string;
  /** Where redirects may lead besides the host itself. */
  readonly hosts: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
};

export type Timeouts = {
  /** To connect, until the answer begins, and between two pieces of it. */
  readonly connectMs: number;
  readonly headersMs: number;
  readonly bodyMs: number;
};
export const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 15_000, headersMs: 120_000, bodyMs: 60_000 };

/** The client. Proxies are as `env` says: HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in either case. */
export function createDispatcher(
  env: Readonly<Record<string, string | undefined>>,
  { connectMs, headersMs, bodyMs }: Timeouts,
): Dispatcher {
  const options = { connect: { timeout: connectMs }, headersTimeout: headersMs, bodyTimeout: bodyMs };
  const named = (name: string): string | undefined => env[name.toLowerCase()] ?? env[name.toUpperCase()];
  const [http, https, none] = [named("http_proxy"), named("https_proxy"), named("no_proxy")];
  if (!http && !https) return new Agent(options);
  return new EnvHttpProxyAgent({
    ...options,
    httpProxy: http ?? "",
    httpsProxy: https ?? "",
    noProxy: none ?? "",
  });
}

const MAX_REDIRECTS = 5;

/** One question and where it leads: redirects are followed within the hosts allowed, and never from https to http. */
export async function sendRequest(request: HttpRequest, options: SendOptions): Promise<Sent> {
  let url = new URL(request.url);
  let method = request.method ?? "GET";
  for (let hops = 0; ; hops++) {
    const sent = await sendOnce({ ...request, method, url: url.href }, options);
    const location = sent.headers["location"];
    if (![301, 302, 303, 307, 308].includes(sent.status) || location === undefined) return sent;
    await sent.discard();
    const next = URL.canParse(location, url.href) ? new URL(location, url.href) : null;
    checkRedirect(url, next, location, options.hosts);
    if (hops === MAX_REDIRECTS) throw new HttpError("REDIRECTS_MANY", `${url.host} redirects without end`);
    if (sent.status === 303) method = "GET";
    url = next!;
  }
}

function checkRedirect(from: URL, to: URL | null, location: string, hosts: readonly string[]): void {
  const refuse = (why: string): never => {
    throw new HttpError("REDIRECT_REFUSED", `${from.host} redirects to "${location.slice(0, 200)}", ${why}`, {
      hint: "if the publisher moved, say its new address under ingest.publishers in sql_project.yaml",
    });
  };
  if (to === null || !/^https?:$/.test(to.protocol)) return refuse("which is no address");
  if (from.protocol === "https:" && to.protocol === "http:") return refuse("which is not encrypted");
  if (to.username !== "" || to.password !== "") return refuse("which carries a password");
  if (to.host !== from.host && !hosts.includes(to.hostname)) return refuse("which is another host");
}

async function sendOnce(request: HttpRequest, options: SendOptions): Promise<Sent> {
  const url = new URL(request.url);
  try {
    const answer = await send(url, {
      dispatcher: options.dispatcher,
      method: request.method ?? "GET",
      headers: {
        accept: "*/*",
        "accept-encoding": "gzip",
        "user-agent": options.userAgent,
        ...request.headers,
        ...options.headers,
      },
      body: request.method === "POST" ? (request.body ?? null) : null,
      ...(options.signal && { signal: options.signal }),
    });
    return {
      status: answer.statusCode,
      headers: flat(answer.headers),
      url: url.href,
      body: readable(answer.body, url.host, options.signal),
      discard: () => discard(answer.body),
    };
  } catch (error) {
    options.signal?.throwIfAborted();
    throw networkError(error, url.host) ?? error;
  }
}

async function discard(body: { dump?: (options: { limit: number }) => Promise<void> }): Promise<void> {
  await body.dump?.({ limit: 65_536 }).catch(() => undefined);
}

/** The same body, whose failures read like a person wrote them. */
async function* readable(
  body: AsyncIterable<Uint8Array>,
  host: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk;
  } catch (error) {
    signal?.throwIfAborted();
    throw networkError(error, host) ?? error;
  }
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
}
