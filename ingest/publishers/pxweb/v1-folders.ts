import { isObject } from "../../../runner/base/json.ts";
import { HttpError } from "../../http/http-error.ts";
import type { Http } from "../../http/types.ts";
import { readUpdated } from "../../jsonstat/updated.ts";
import type { CatalogEntry, Theme } from "../publisher.ts";
import { readAnyJson } from "../read-json.ts";
import { judgePxWeb } from "./judge.ts";

/** Every table of a database: in one answer where it can be searched, else folder by folder. */
export async function* readFolders(http: Http, root: string): AsyncGenerator<CatalogEntry> {
  try {
    const found = await readAnyJson(http, { url: `${root}?query=*` }, judgePxWeb);
    if (Array.isArray(found) && found.length > 0 && found.every((one) => isObject(one) && "path" in one)) {
      yield* found.flatMap((one: Record<string, unknown>) => entryOfHit(one) ?? []);
      return;
    }
  } catch (error) {
    if (!(error instanceof HttpError) || error.retryable) throw error;
  }
  yield* walk(http, root, "", []);
}

/** `{id, path: "/tyti", title, published}` */
function entryOfHit(hit: Record<string, unknown>): CatalogEntry | null {
  const { id, path, title, published } = hit;
  if (typeof id !== "string" || typeof path !== "string") return null;
  const folders = path.split("/").filter((part) => part !== "");
  return {
    ...blank,
    code: [...folders, id].join("/"),
    title: typeof title === "string" ? title : id,
    themes: [folders.map((code) => ({ code, title: code }))],
    updated: dayOf(published),
  };
}

/** `[{id, type: "l" | "t", text, updated}]` */
async function* walk(
  http: Http,
  root: string,
  path: string,
  themes: readonly Theme[],
): AsyncGenerator<CatalogEntry> {
  const items = await readAnyJson(http, { url: `${root}${path}` }, judgePxWeb);
  for (const item of Array.isArray(items) ? (items as unknown[]) : []) {
    if (!isObject(item) || typeof item["id"] !== "string") continue;
    const { id, type, text, updated } = item;
    const title = typeof text === "string" ? text : id;
    const below = `${path}/${encodeURIComponent(id)}`;
    if (type === "l") yield* walk(http, root, below, [...themes, { code: id, title }]);
    else if (type === "t")
      yield {
        ...blank,
        code: [...themes.map(({ code }) => code), id].join("/"),
        title,
        themes: [themes],
        updated: dayOf(updated),
      };
  }
}

const blank = { type: "table", structureUpdated: null, start: null, end: null, values: null } as const;

/** A time without a zone: the day is what can be trusted. */
const dayOf = (updated: unknown): string | null => readUpdated(updated)?.slice(0, 10) ?? null;
