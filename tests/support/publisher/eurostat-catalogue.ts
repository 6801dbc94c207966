import type { Library, PublishedChange } from "./library.ts";
import { escape } from "./reply.ts";
import { codesOf } from "./slice.ts";

const day = (instant: Date): string => instant.toISOString().slice(0, 10).split("-").reverse().join(".");

type Row = {
  readonly code: string;
  readonly title: string;
  readonly updated: string;
  readonly start: string;
  readonly end: string;
  readonly values: number;
};

function rowsOf(library: Library): Map<string, Row[]> {
  const themes = new Map<string, Row[]>();
  for (const code of library.codes.filter((one) => !one.startsWith("ds-"))) {
    const dataset = library.current(code)!;
    const periods = codesOf(dataset.dimension[dataset.id.at(-1)!]!);
    const changed = library.changes.findLast((change) => change.code === code)!.at;
    const row = {
      code,
      title: dataset.label ?? code,
      updated: day(changed),
      start: periods[0] ?? "",
      end: periods.at(-1) ?? "",
      values: Object.keys(dataset.value).length,
    };
    const theme = code.split("_")[0]!;
    themes.set(theme, [...(themes.get(theme) ?? []), row]);
  }
  return themes;
}

const TITLES: Readonly<Record<string, string>> = {
  hlth: "Health",
  demo: "Population and demography",
  gov: "Government",
  prc: "Prices",
};

/** The tabular table of contents. */
export function tocOf(library: Library): string {
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const line = (depth: number, cells: readonly string[], values: string): string =>
    [...cells.map((cell, i) => quote(i === 0 ? `${"    ".repeat(depth)}${cell}` : cell)), values].join("\t");
  const folder = (depth: number, title: string, code: string): string =>
    line(depth, [title, code, "folder", " ", " ", " ", " "], " ");
  const header = [
    "title",
    "code",
    "type",
    "last update of data",
    "last table structure change",
    "data start",
    "data end",
  ];
  const lines = [line(0, header, '"values"'), folder(0, "Database by themes", "data")];
  for (const [theme, rows] of rowsOf(library)) {
    lines.push(folder(1, TITLES[theme] ?? theme, theme));
    for (const { code, title, updated, start, end, values } of rows)
      lines.push(line(2, [title, code, "dataset", updated, "01.02.2024", start, end], String(values)));
  }
  return `${lines.join("\n")}\n`;
}

/** The same in XML. */
export function tocXmlOf(library: Library): string {
  const title = (text: string): string =>
    `<nt:title language="en">${escape(text)}</nt:title><nt:title language="de">${escape(text)}</nt:title>`;
  const leaves = (rows: readonly Row[]): string =>
    rows
      .map(
        ({ code, title: text, updated, start, end, values }) =>
          `<nt:leaf type="dataset">${title(text)}<nt:code>${code}</nt:code><nt:lastUpdate>${updated}</nt:lastUpdate><nt:lastModified>01.02.2024</nt:lastModified><nt:dataStart>${start}</nt:dataStart><nt:dataEnd>${end}</nt:dataEnd><nt:values>${values}</nt:values></nt:leaf>`,
      )
      .join("\n");
  const branches = [...rowsOf(library)].map(
    ([theme, rows]) =>
      `<nt:branch>${title(TITLES[theme] ?? theme)}<nt:code>${theme}</nt:code><nt:children>${leaves(rows)}</nt:children></nt:branch>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<nt:tree xmlns:nt="urn:eu.europa.ec.eurostat.navtree" creationDate="20260101T1102"><nt:branch>${title("Database by themes")}<nt:code>data</nt:code><nt:children>${branches.join("\n")}</nt:children></nt:branch></nt:tree>\n`;
}

/** Local time in Brussels, without saying so: `2026-04-24 23:00:00`. */
const brussels = (instant: Date): string =>
  new Intl.DateTimeFormat("sv-SE", {
    timeZone: "Europe/Brussels",
    dateStyle: "short",
    timeStyle: "medium",
  }).format(instant);

/** The feed of the last seven days, newest first. */
export function feedOf(library: Library, now: Date, untidy: boolean): string {
  const covered = (change: PublishedChange): boolean =>
    change.at <= now && now.getTime() - change.at.getTime() <= 7 * 86_400_000;
  const changes = library.changes
    .filter((change) => change.at <= now && (untidy || covered(change)))
    .reverse();
  const listed = untidy ? [...changes, ...changes.slice(0, 2)] : changes;
  const items = listed.map(({ code, at, kind, title }) => {
    const local = `${brussels(at)}.0`;
    const words = kind === "NEW_DATASET" ? "Dataset: new" : "Dataset: updated data";
    return `<item><title>${code.toUpperCase()} - "${words}"</title><category>${kind}</category><pubDate>${local}</pubDate><link>https://ec.europa.eu/eurostat/databrowser/product/page/${code.toUpperCase()}</link><guid>${code.toUpperCase()}_${at.getTime()}</guid><description>${escape(title)}</description></item>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>Eurostat - Updates of statistics</title><link>https://ec.europa.eu/eurostat/</link><description>Latest updates</description><language>en</language><pubDate>${brussels(now)}</pubDate>${items.join("\n")}</channel></rss>\n`;
}
