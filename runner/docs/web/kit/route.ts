import { useEffect, useState } from "preact/hooks";

/** `#/node/model.shop.orders?tab=sql`: addresses live behind the `#`, so that one file on disk can have many. */
export type Route = {
  readonly page: string;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
};

function parseRoute(hash: string): Route {
  const text = hash.replace(/^#/, "");
  // Links of earlier versions named a node and nothing else.
  if (text !== "" && !text.startsWith("/"))
    return { page: "node", path: [unescaped(text)], query: new URLSearchParams() };
  const [path = "", query = ""] = text.slice(1).split("?", 2);
  const [page = "", ...rest] = path.split("/").map(unescaped);
  return { page, path: rest, query: new URLSearchParams(query) };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // typed by hand
  }
}

/** The address of a page: `link("node", [id], {tab: "sql"})`. */
export function link(page: string, path: readonly string[] = [], query: Record<string, string> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `#/${[page, ...path].map(encodeURIComponent).join("/")}${search && `?${search}`}`;
}
export const nodeLink = (id: string, query?: Record<string, string>): string => link("node", [id], query);

/** Changes the query of the address as it is, without a new entry in the history. */
export function setQuery(changes: Readonly<Record<string, string | null>>): void {
  const { page, path, query } = parseRoute(location.hash);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) query.delete(key);
    else query.set(key, value);
  }
  history.replaceState(null, "", link(page, path, Object.fromEntries(query)));
  dispatchEvent(new HashChangeEvent("hashchange"));
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = (): void => setHash(location.hash);
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return parseRoute(hash);
}
