import type { Socket } from "node:net";

/**
 * Ends a connection with a reset. One that is just being ended is not: Node would take it for closed without closing it, and its process would
 * wait for that when it exits, for ever and at full speed.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
