import { sha256 } from "../../runner/base/hash.ts";
import type { DatasetConfig } from "../../runner/project/project-schema.ts";
import type { CatalogEntry, Publisher, Wanted } from "../publishers/publisher.ts";
import type { DatasetName } from "./events.ts";

/** A dataset of the project, ready to be brought up to date. */
export type Configured = DatasetName & {
  readonly wanted: Wanted;
  readonly config: DatasetConfig;
  /** Of what is asked for: with other filters, what was fetched before is no answer. */
  readonly fingerprint: string;
};

const fingerprintOf = (wanted: Wanted): string => sha256(JSON.stringify(wanted)).slice(0, 16);

/**
 * The datasets of one publisher that the entries of the project mean, each once: an entry that names a code comes before one
 * that finds it, and of two that find it the first counts. Patterns, themes and keywords need the catalogue.
 */
export function expandDatasets(
  publisher: Publisher,
  configs: readonly DatasetConfig[],
  catalog: Iterable<CatalogEntry>,
): Configured[] {
  const own = configs.filter((config) => config.publisher.toLowerCase() === publisher.name);
  const found = new Map<string, Configured>();
  const add = (code: string, config: DatasetConfig): void => {
    const dataset = publisher.datasetName(code);
    if (!found.has(dataset)) found.set(dataset, configure(publisher.name, dataset, code, config));
  };
  const named = own.filter((config) => config.code !== undefined && !isPattern(config.code));
  for (const config of named) add(config.code!, config);
  const finders = own
    .filter((config) => !named.includes(config))
    .map((config) => ({ config, finds: finder(config) }));
  if (finders.length === 0) return [...found.values()];
  for (const entry of catalog) {
    const first = finders.find(({ finds }) => finds(entry));
    if (first !== undefined) add(entry.code, first.config);
  }
  return [...found.values()];
}

function configure(publisher: string, dataset: string, code: string, config: DatasetConfig): Configured {
  const { filters, since, until, last, language, url } = config;
  const wanted: Wanted = { code, filters, since, until, last, language, url };
  return { publisher, dataset, wanted, config, fingerprint: fingerprintOf(wanted) };
}

/** Whether the catalogue has to be known before it is known what an entry means. */
export const needsCatalog = ({ code }: DatasetConfig): boolean => code === undefined || isPattern(code);

const isPattern = (code: string): boolean => /[*?]/.test(code);

function finder(config: DatasetConfig): (entry: CatalogEntry) => boolean {
  const excluded = config.exclude.map(matcher);
  const wanted = wantedBy(config);
  return (entry) => wanted(entry) && !excluded.some((matches) => matches(entry.code));
}

function wantedBy({ code, theme, keyword }: DatasetConfig): (entry: CatalogEntry) => boolean {
  if (code !== undefined) {
    const matches = matcher(code);
    return (entry) => matches(entry.code);
  }
  const word = (theme ?? keyword ?? "").toLowerCase();
  if (theme !== undefined)
    return ({ themes }) =>
      themes.some((path) =>
        path.some((one) => one.code.toLowerCase() === word || one.title.toLowerCase() === word),
      );
  return (entry) => mentions(entry, word);
}

/** `word` in lower case, in the code, the title or a theme of an entry. */
export const mentions = ({ code, title, themes }: CatalogEntry, word: string): boolean =>
  code.toLowerCase().includes(word) ||
  title.toLowerCase().includes(word) ||
  themes.some((path) => path.some((theme) => theme.title.toLowerCase().includes(word)));

/** `hlth_*`, `?` for one letter; case does not matter. */
export function matcher(pattern: string): (code: string) => boolean {
  const source = pattern
    .toLowerCase()
    .replaceAll(/[^a-z0-9_*?]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const form = new RegExp(`^${source}$`);
  return (code) => form.test(code.toLowerCase());
}
