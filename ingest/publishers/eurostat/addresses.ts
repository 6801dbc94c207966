/** Where Eurostat answers what; `base` is `https://ec.europa.eu/eurostat/api`. Comext and Prodcom (`DS-…`) live on a host of their own. */
export type Addresses = {
  data(code: string, query: URLSearchParams): string;
  structure(code: string): string;
  constraint(code: string): string;
  readonly toc: string;
  readonly tocXml: string;
  readonly feed: string;
  readonly language: string;
};

export function addressesOf(base: string, language: string): Addresses {
  const root = (code: string): string => `${base}${/^ds-/i.test(code) ? "/comext" : ""}/dissemination`;
  const name = (code: string): string => encodeURIComponent(code);
  const upper = (code: string): string => name(code.toUpperCase());
  return {
    language,
    data: (code, query) => `${root(code)}/statistics/1.0/data/${name(code)}?${query.toString()}`,
    structure: (code) =>
      `${root(code)}/sdmx/2.1/dataflow/ESTAT/${upper(code)}/1.0?references=descendants&detail=referencepartial`,
    constraint: (code) => `${root(code)}/sdmx/2.1/contentconstraint/ESTAT/${upper(code)}/1.0`,
    toc: `${base}/dissemination/catalogue/toc/txt?lang=${language}`,
    tocXml: `${base}/dissemination/catalogue/toc/xml`,
    feed: `${base}/dissemination/catalogue/rss/${language}/statistics-update.rss`,
  };
}

/** For people. */
export const pageOf = (code: string | null): string =>
  code === null
    ? "https://ec.europa.eu/eurostat/databrowser"
    : `https://ec.europa.eu/eurostat/databrowser/product/page/${encodeURIComponent(code.toUpperCase())}`;
