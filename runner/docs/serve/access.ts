import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** How somebody has shown that they know the token; null: they have not. */
export type Shown = "header" | "cookie" | "address" | null;

export type Access = {
  /** With no token asked for, everybody has shown it. */
  shown(request: IncomingMessage, url: URL): Shown;
  /** The cookie that stands for the token from then on. */
  readonly cookie: string;
};

/**
 * Who may look: `Authorization: Bearer <token>`, `?token=<token>` in an address, or a cookie, which holds no token but a proof of it that ends with
 * the process. Comparing takes the same time whatever is wrong.
 */
export function accessBy(token: string): Access {
  const key = randomBytes(32);
  const proofOf = (text: string): Buffer => createHmac("sha256", key).update(text).digest();
  const expected = proofOf(token);
  // Cookies of one host are sent to all of its ports.
  const name = `statloom_${randomBytes(6).toString("hex")}`;
  const proof = proofOf(`cookie ${token}`);
  const isToken = (given: string | null | undefined): boolean =>
    given !== null && given !== undefined && timingSafeEqual(proofOf(given), expected);
  return {
    shown({ headers }, url) {
      if (isToken(/^Bearer +(\S+) *$/i.exec(headers.authorization ?? "")?.[1])) return "header";
      const cookie = new RegExp(`(?:^|; )${name}=([0-9a-f]{64})(?:;|$)`).exec(headers.cookie ?? "")?.[1];
      if (cookie !== undefined && timingSafeEqual(Buffer.from(cookie, "hex"), proof)) return "cookie";
      return isToken(url.searchParams.get("token")) ? "address" : null;
    },
    cookie: `${name}=${proof.toString("hex")}; HttpOnly; SameSite=Strict; Path=/`,
  };
}
