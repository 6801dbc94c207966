import { realpath } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { OperationError, messageOf } from "../../base/errors.ts";
import { accessBy } from "./access.ts";
import type { Access } from "./access.ts";
import { isAllowedHost } from "./allowed-host.ts";
import { say, setSecurityHeaders } from "./headers.ts";
import { findFile, sendFile } from "./static-file.ts";

export type Served = {
  /** `http://127.0.0.1:8080/` */
  readonly url: string;
  /** Stops listening and drops open connections; resolves when it is quiet. */
  close(): Promise<void>;
};

/** Something that is answered beside the files. */
export type Route = {
  readonly method: "GET" | "POST" | "DELETE";
  /** `/healthz`, or with a name at its end: `/api/runs/:id` */
  readonly path: string;
  /** Who gets an answer: everybody, whoever has shown the token in any way, or by the header alone, which no other site can send. */
  readonly to: "all" | "token" | "header";
  answer(request: IncomingMessage, response: ServerResponse, id: string): Promise<void>;
};

export type ServeOptions = {
  /** 0: any free one. */
  readonly port: number;
  /** Loopback unless told. */
  readonly host?: string | undefined;
  /** Names beside `host` and localhost that this machine is reached by; addresses always are. */
  readonly hostNames?: readonly string[] | undefined;
  /** What must be shown to see anything. */
  readonly token?: string | undefined;
  readonly routes?: readonly Route[] | undefined;
};

/**
 * Serves the files of one folder, and nothing outside it, and what `routes` answer. A port that is taken, or a folder that is not
 * there, is an OperationError.
 */
export async function serve(folder: string, options: ServeOptions): Promise<Served> {
  const host = options.host ?? "127.0.0.1";
  const root = await realpath(folder).catch((cause: unknown) => {
    throw new OperationError("SERVE", `cannot serve ${folder}: ${messageOf(cause)}`, {
      cause,
      hint: "run `models docs generate` first",
    });
  });
  const site: Site = {
    root,
    names: new Set([host, ...(options.hostNames ?? [])].map((name) => name.toLowerCase())),
    access: options.token === undefined ? null : accessBy(options.token),
    routes: options.routes ?? [],
  };
  const server = createServer((request, response) => {
    answer(site, request, response).catch(() => response.destroy()); // the reader has gone, or the file has
  });
  server.requestTimeout = 30_000;
  await listen(server, options.port, host);
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

type Site = {
  readonly root: string;
  readonly names: ReadonlySet<string>;
  readonly access: Access | null;
  readonly routes: readonly Route[];
};

async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = request.url ?? "/";
  const path = target.replace(/[?#].*$/s, "");
  setSecurityHeaders(response, path);
  if (!isAllowedHost(request.headers.host, site.names))
    return say(response, 421, "this name is not known here: name it with --host-name");
  const isReading = request.method === "GET" || request.method === "HEAD";
  const there = site.routes.flatMap((route) => {
    const id = idIn(route.path, path);
    return id === undefined ? [] : [{ route, id }];
  });
  const found = there.find(({ route }) => route.method === (isReading ? "GET" : request.method));
  if (!found && (there.length > 0 || !isReading)) {
    const methods = there.map(({ route }) => (route.method === "GET" ? "GET, HEAD" : route.method));
    const allowed = methods.length > 0 ? methods.join(", ") : "GET, HEAD";
    response.setHeader("Allow", allowed);
    return say(response, 405, `only ${allowed.replace(/, (\S+)$/, " and $1")} is answered here`);
  }
  if (found?.route.to !== "all" && !admit(site, request, response, target, found?.route.to === "header"))
    return;
  if (found) return found.route.answer(request, response, found.id);
  const file = await findFile(site.root, target);
  if (file === undefined) return say(response, 404, "there is no such page");
  return sendFile(file, request, response);
}

/** Whether somebody may go on; if not, they have been told. Whoever has come with the token in the address goes on without it. */
function admit(
  { access }: Site,
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
  byHeader: boolean,
): boolean {
  if (access === null) return true;
  const url = URL.canParse(target, "http://localhost") ? new URL(target, "http://localhost") : null;
  const shown = url === null ? null : access.shown(request, url);
  if (shown === "header" || (shown === "cookie" && !byHeader)) return true;
  if (shown === "address" && url !== null && !byHeader) {
    url.searchParams.delete("token");
    // A path that begins with two slashes would lead to another host.
    response.writeHead(303, {
      "Set-Cookie": access.cookie,
      Location: `${url.pathname.replace(/^\/+/, "/")}${url.search}`,
    });
    response.end();
    return false;
  }
  response.setHeader("WWW-Authenticate", 'Bearer realm="statloom"');
  say(
    response,
    401,
    byHeader ? "send the token: Authorization: Bearer …" : "open this page with its token: …/?token=…",
  );
  return false;
}

/** The name at the end of a path; undefined: it is another path. */
function idIn(pattern: string, path: string): string | undefined {
  if (!pattern.endsWith("/:id")) return path === pattern ? "" : undefined;
  const start = pattern.slice(0, -3);
  const id = path.startsWith(start) ? path.slice(start.length) : "";
  return /^[\w-]+$/.test(id) ? id : undefined;
}
