import type { ComponentType } from "preact";

/** What a page's script gives: `Page`, and what the address says after its route. */
export type PageModule = { readonly Page: ComponentType<PageProps> };
export type PageProps = { readonly path: readonly string[]; readonly query: URLSearchParams };

/** The one global name: how scripts that load beside each other find each other, without modules. */
type Statloom = {
  shared: Readonly<Record<string, unknown>>;
  readonly pages: Record<string, PageModule>;
  data(name: string, json: string): void;
};
declare global {
  var statloom: Statloom;
}

const files = new Map<string, unknown>();
globalThis.statloom = {
  shared: {},
  pages: {},
  // Text that is parsed, rather than a literal: it can be nothing but data, and engines read it faster.
  data: (name, json) => void files.set(name, JSON.parse(json)),
};

const loading = new Map<string, Promise<void>>();

function script(path: string): Promise<void> {
  const known = loading.get(path);
  if (known !== undefined) return known;
  const promise = new Promise<void>((resolve, reject) => {
    const element = document.createElement("script");
    element.src = path;
    element.addEventListener("load", () => resolve());
    element.addEventListener("error", () => {
      loading.delete(path);
      element.remove();
      reject(new Error(`${path} could not be loaded: make the site again with "models docs generate"`));
    });
    document.head.append(element);
  });
  loading.set(path, promise);
  return promise;
}

/** A data file as it was written, or at once when it has been read before. */
export async function loadData<T>(name: string): Promise<T> {
  if (!files.has(name)) await script(`data/${name}.js`);
  return files.get(name) as T;
}
/** A data file that has been read. */
export const readData = <T>(name: string): T | undefined => files.get(name) as T | undefined;

export async function loadPage(name: string, styles: boolean): Promise<PageModule> {
  await Promise.all([script(`pages/${name}.js`), styles ? stylesheet(`pages/${name}.css`) : null]);
  return globalThis.statloom.pages[name]!;
}
export const readPage = (name: string): PageModule | undefined => globalThis.statloom.pages[name];

const sheets = new Map<string, Promise<void>>();
/** A page is drawn when its styles are there: not before, or it would jump. */
function stylesheet(path: string): Promise<void> {
  const known = sheets.get(path);
  if (known !== undefined) return known;
  const promise = new Promise<void>((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = path;
    for (const event of ["load", "error"]) link.addEventListener(event, () => resolve());
    document.head.append(link);
  });
  sheets.set(path, promise);
  return promise;
}
