import { createConnection } from "node:net";
import type { Socket } from "node:net";
import type { Writable } from "node:stream";
import type postgres from "postgres";
import { messageOf } from "../../base/errors.ts";

/**
 * The driver's own sockets wait with small messages for the answer to the one before, and servers wait with that: 40 ms
 * for each COPY. It asks for the parts of the address in this form, and looks for the host's name on the socket.
 */
export function openSocket({ host, port, path }: SocketAddress): Socket {
  if (path) return createConnection(path);
  const address = { host: host[0]!, port: port[0]! };
  return Object.assign(createConnection({ ...address, noDelay: true }), address);
}

export type SocketAddress = {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false;
};

/** Sends the rows of a `COPY … FROM STDIN`. */
export async function copyInto(
  sql: postgres.Sql,
  text: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const query = sql.unsafe(text);
  const stream = await query.writable();
  // The driver tells what goes wrong after the last byte to nobody but the query, which has been answered by the stream.
  const failed = new Promise<never>((_, reject) => {
    (query as unknown as { reject: (error: unknown) => void }).reject = reject;
    stream.once("error", reject);
  });
  failed.catch(() => {});
  const written = (chunk: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      stream.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
  try {
    // One chunk is on its way while the next is made: constant memory, and both sides always have something to do.
    let underway: Promise<void> = Promise.resolve();
    for await (const chunk of chunks) {
      await Promise.race([underway, failed]);
      underway = written(chunk);
      underway.catch(() => {});
    }
    await Promise.race([underway, failed]);
    await Promise.race([ended(stream), failed]);
  } catch (error) {
    stream.destroy(error instanceof Error ? error : new Error(messageOf(error)));
    throw error;
  }
}

/** Resolves when the server has taken the whole of it. */
const ended = (stream: Writable): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.end((error?: Error | null) => (error ? reject(error) : resolve()));
  });
