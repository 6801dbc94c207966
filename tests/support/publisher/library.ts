import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { dense } from "./restyle.ts";
import type { Dataset } from "./slice.ts";

const root = join(import.meta.dirname, "../../..");
const SAMPLE = join(root, "ingest/sample");
/** Real documents beside the checkout, where they are there. */
const SHARED = process.env["STATLOOM_TEST_DOCUMENTS"] ?? join(root, "../shared/data/jsonstat");

/** What a publisher has: the editions of each dataset, oldest first; the last is what it gives. */
export class Library {
  readonly #editions = new Map<string, Dataset[]>();
  /** Editions that wait to be published. */
  readonly #waiting = new Map<string, Dataset[]>();
  readonly changes: PublishedChange[] = [];

  get codes(): string[] {
    return [...this.#editions.keys()];
  }

  current(code: string): Dataset | undefined {
    return this.#editions.get(code.toLowerCase())?.at(-1);
  }

  editions(code: string): readonly Dataset[] {
    return this.#editions.get(code.toLowerCase()) ?? [];
  }

  /** Puts out an edition at `at`, and says so in the feed. */
  publish(code: string, edition: Dataset, at: Date): void {
    const key = code.toLowerCase();
    const before = this.#editions.get(key) ?? [];
    this.#editions.set(key, [...before, edition]);
    this.changes.push({
      code: key,
      at,
      kind: before.length === 0 ? "NEW_DATASET" : "UPDATED_DATASET_DATA",
      title: edition.label ?? key,
    });
  }

  /** Kept for later; {@link next} puts it out. */
  prepare(code: string, edition: Dataset): void {
    const key = code.toLowerCase();
    this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), edition]);
  }

  waiting(code: string): readonly Dataset[] {
    return this.#waiting.get(code.toLowerCase()) ?? [];
  }

  /** Puts out the next edition that waits, as of now; false where none does. */
  next(code: string, at: Date): boolean {
    const [first, ...rest] = this.#waiting.get(code.toLowerCase()) ?? [];
    if (first === undefined) return false;
    this.#waiting.set(code.toLowerCase(), rest);
    this.publish(code, { ...first, updated: `${at.toISOString().slice(0, 19)}+0000` }, at);
    return true;
  }
}

export type PublishedChange = {
  readonly code: string;
  readonly at: Date;
  readonly kind: string;
  readonly title: string;
};

const readDataset = (path: string): Dataset => JSON.parse(readFileSync(path, "utf8")) as Dataset;

/** The bundled sample as Eurostat's, its later editions waiting, and the real documents of Eurostat where they are there. */
export function eurostatLibrary(withShared = true): Library {
  const library = new Library();
  const names = readdirSync(SAMPLE).filter((name) => name.endsWith(".json"));
  for (const name of names.sort()) {
    const code = name.split(".")[0]!;
    const dataset = readDataset(join(SAMPLE, name));
    if (library.current(code) === undefined)
      library.publish(code, dataset, new Date(dataset.updated!.replace(/(\d\d)$/, ":$1")));
    else library.prepare(code, dataset);
  }
  if (!withShared) return library;
  for (const name of [
    "demo_pjan.json",
    "demo_r_d3dens.nuts3.json",
    "gov_10a_exp.cofog.json",
    "prc_hicp_manr.json",
    "ds-059358.string-values.json",
  ]) {
    const path = join(SHARED, "eurostat", name);
    if (!existsSync(path)) continue;
    const dataset = readDataset(path);
    library.publish(name.split(".")[0]!, dataset, new Date(dataset.updated!.replace(/(\d\d)$/, ":$1")));
  }
  return library;
}

/** The sample, and real documents where they are there, in the style of another publisher. */
export function restyledLibrary(style: "pxweb" | "pxstat"): Library {
  const library = new Library();
  const source = eurostatLibrary(false);
  for (const code of source.codes) {
    const [first] = source.editions(code);
    library.publish(code, restyle(first!, style), source.changes.find((change) => change.code === code)!.at);
    for (const waiting of source.waiting(code)) library.prepare(code, restyle(waiting, style));
  }
  const real = style === "pxweb" ? "pxweb/TAB6471_data.json" : "cso/fiq02.v2.json";
  const path = join(SHARED, real);
  if (existsSync(path)) {
    const dataset = readDataset(path);
    library.publish(style === "pxweb" ? "tab6471" : "fiq02", dataset, new Date(dataset.updated!));
  }
  return library;
}

export const restyle = (dataset: Dataset, style: "pxweb" | "pxstat"): Dataset =>
  style === "pxweb" ? dense(dataset, "Tid", "object") : dense(dataset, "TLIST(A1)", "array");
