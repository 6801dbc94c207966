import { isIP } from "node:net";

/**
 * Whether a `Host` header may be answered. A page elsewhere can point a name of its own at this machine and then read what is served here as if it were
 * its own (DNS rebinding); it cannot do so with an address, nor with a name that is nobody's but this machine's.
 */
export function isAllowedHost(header: string | undefined, names: ReadonlySet<string>): boolean {
  if (header === undefined || !URL.canParse(`http://${header}`)) return false;
  const { hostname, username, pathname, search, hash } = new URL(`http://${header}`);
  if (username !== "" || pathname !== "/" || search !== "" || hash !== "") return false;
  const name = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  return isIP(name) !== 0 || name === "localhost" || name.endsWith(".localhost") || names.has(name);
}
