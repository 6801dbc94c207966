import { createServer } from "node:net";

/** Ports of this process, so that two that start servers at the same time do not choose the same. */
const OF_PROCESS = 16;
const FIRST = 20_000;
const LAST = 32_000;
let given = 0;

/**
 * A port that nothing listens on. Systems take those above for connections: one of those may be gone when a server that takes a second to
 * start comes to it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + ((process.pid * OF_PROCESS + given++) % (LAST - FIRST));
    if (await isFree(port)) return port;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
