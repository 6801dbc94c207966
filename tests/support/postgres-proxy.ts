import { once } from "node:events";
import { createConnection, createServer } from "node:net";
import type { Socket } from "node:net";
import { after } from "node:test";
import { freePort } from "./free-port.ts";
import { reset } from "./reset.ts";

/** Stands between a client and a server of PostgreSQL, and does what networks and servers do to connections. */
export type Proxy = {
  /** The server's address, by way of the proxy. */
  readonly url: string;
  /** How many have come so far. */
  readonly callers: () => number;
  /** How often clients have spoken so far after the server had: each time they may have waited for it. */
  readonly turns: () => number;
  /** Ends what stands with a reset, as a server does that was killed. */
  cut(): void;
  /** Does that as soon as so many more bytes have come from clients. */
  cutAfter(bytes: number): void;
  /** Ends what stands for the clients alone: the server goes on as if they were there. */
  abandon(): void;
  /** Hears the next callers, and goes without a word. */
  hangUpOn(connections: number): void;
  /** Lets nothing through any more, and nobody hears of it: neither on what stands, nor on what is new. */
  freeze(): void;
  thaw(): void;
  /** Lets nobody in any more, as a server does that goes down; what stands goes on. */
  shut(): void;
  reopen(): Promise<void>;
};

export async function startProxy(server: string): Promise<Proxy> {
  const url = new URL(server);
  const pairs = new Map<Socket, Socket>();
  const abandoned: Socket[] = [];
  let callers = 0;
  let turns = 0;
  let toRefuse = 0;
  let left = Infinity;
  let isFrozen = false;
  const cut = (): void => {
    for (const [client, upstream] of pairs) {
      reset(client);
      upstream.destroy();
    }
    pairs.clear();
  };
  const proxy = createServer((client) => {
    callers++;
    client.on("error", () => {});
    if (toRefuse-- > 0) {
      client.once("data", () => client.end());
      return;
    }
    const upstream = createConnection(Number(url.port), url.hostname);
    pairs.set(client, upstream);
    upstream.on("error", () => {}).on("close", () => client.destroy());
    client.on("close", () => {
      if (pairs.delete(client)) upstream.destroy();
    });
    let isAnswered = true;
    upstream.on("data", () => (isAnswered = true));
    client.on("data", (bytes: Buffer) => {
      if (isAnswered) turns++;
      isAnswered = false;
      left -= bytes.length;
      if (left < 0) {
        left = Infinity;
        cut();
      }
    });
    client.pipe(upstream).pipe(client);
    if (isFrozen) pause(client, upstream);
  });
  const pause = (...sockets: readonly Socket[]): void => {
    for (const socket of sockets) socket.unpipe().pause();
  };
  const port = await freePort();
  proxy.listen(port, "127.0.0.1");
  await once(proxy, "listening");
  after(() => {
    cut();
    for (const socket of abandoned) socket.destroy();
    proxy.close();
  });
  return {
    url: Object.assign(new URL(server), { port: String(port) }).href,
    callers: () => callers,
    turns: () => turns,
    cut,
    cutAfter: (bytes) => (left = bytes),
    abandon() {
      for (const [client, upstream] of pairs) {
        client.unpipe();
        abandoned.push(upstream);
        pairs.delete(client);
        reset(client);
      }
    },
    hangUpOn: (connections) => (toRefuse = connections),
    freeze() {
      isFrozen = true;
      for (const pair of pairs) pause(...pair);
    },
    thaw() {
      isFrozen = false;
      for (const [client, upstream] of pairs) client.pipe(upstream).pipe(client);
    },
    shut: () => void proxy.close(),
    async reopen() {
      if (proxy.listening) return;
      proxy.listen(port, "127.0.0.1");
      await once(proxy, "listening");
    },
  };
}
