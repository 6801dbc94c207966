import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { OperationError, messageOf } from "../../runner/base/errors.ts";

export type Health = {
  /** Whether the process does its work; null: it does, else why not. */
  live(): string | null;
  /** Whether it is ready to do it. */
  ready(): string | null;
};

export type MetricsServer = { readonly url: string; close(): Promise<void> };

/** Serves `/metrics`, `/healthz` and `/readyz` to whoever reaches `host`, which is this machine unless told. Port 0 takes a free one. */
export async function serveMetrics(
  { host, port }: { readonly host: string; readonly port: number },
  metrics: { readonly contentType: string; text(): Promise<string> },
  health: Health,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    if (request.method !== "GET" && request.method !== "HEAD") return answer(response, 405, "only GET\n");
    if (path === "/healthz") return verdict(response, health.live());
    if (path === "/readyz") return verdict(response, health.ready());
    if (path !== "/metrics") return answer(response, 404, "there are /metrics, /healthz and /readyz\n");
    metrics.text().then(
      (text) => answer(response, 200, text, metrics.contentType),
      (error: unknown) => answer(response, 500, `${messageOf(error)}\n`),
    );
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) =>
      reject(
        new OperationError("METRICS_PORT", `cannot serve metrics on ${host}:${port}: ${error.message}`, {
          hint: "name another with --metrics-port, or 0 for a free one",
          cause: error,
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const verdict = (response: ServerResponse, why: string | null): void =>
  answer(response, why === null ? 200 : 503, `${why ?? "ok"}\n`);

function answer(
  response: ServerResponse,
  status: number,
  text: string,
  type = "text/plain; charset=utf-8",
): void {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(text);
}
