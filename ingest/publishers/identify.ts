import { basename } from "node:path";
import type { Cube } from "../jsonstat/types.ts";

export type Identity = { readonly publisher: string; readonly dataset: string };
type Clues = Pick<Cube, "id" | "source" | "header">;

/**
 * Who published a document, by what it says of its source. The first that fits counts: agencies that run PxWeb sign with
 * their own name, so there is no "pxweb" here.
 */
const publishers: readonly { readonly name: string; readonly fits: (clues: Clues) => boolean }[] = [
  { name: "eurostat", fits: (clues) => extensionText(clues, "agencyId") === "ESTAT" },
  { name: "eurostat", fits: bySource(/^(?:estat|eurostat)\b/i) },
  // Its services before 2023.
  { name: "eurostat", fits: (clues) => extensionText(clues, "datasetId") !== undefined },
  { name: "eurostat", fits: ({ header }) => member(header, "wsVersion") !== undefined },
  { name: "cso", fits: bySource(/central statistics office/i) },
  // Where the table comes from a department, the CSO names that as the source.
  {
    name: "cso",
    fits: ({ header }) => String(at(header, "extension", "contact", "email")).endsWith("@cso.ie"),
  },
  { name: "ons", fits: bySource(/office for national statistics/i) },
  { name: "ssb", fits: bySource(/^(?:ssb$|statistics norway|statistisk sentralbyrå)/i) },
  { name: "scb", fits: bySource(/^(?:scb$|statistics sweden|statistiska centralbyrån)/i) },
  { name: "statfin", fits: bySource(/^(?:statistics finland|tilastokeskus|statistikcentralen)/i) },
  { name: "statbank-dk", fits: bySource(/^(?:statistics denmark|danmarks statistik)/i) },
  { name: "cbs", fits: bySource(/^(?:cbs$|statistics netherlands|centraal bureau voor de statistiek)/i) },
  { name: "oecd", fits: bySource(/\boecd\b/i) },
];

/**
 * The publisher and dataset of a cube, from the document itself: `eurostat` and `hlth_silc_13`. What it does not say
 * is made up of the file's name: publisher `files`, dataset `my_table` for `My table.json`. `ordinal` tells cubes of one document
 * apart and is null where there is only one. Names are proposals; the landing still checks them.
 */
export function identify(clues: Clues, fileName: string, ordinal: number | null): Identity {
  const publisher = publishers.find(({ fits }) => fits(clues))?.name ?? "files";
  const suffix = ordinal === null ? "" : `_${ordinal}`;
  return { publisher, dataset: clues.id ?? `${nameFromFile(fileName)}${suffix}` };
}

/** `My table (2).v1.json.gz` → `my_table_2.v1` */
function nameFromFile(path: string): string {
  const stem = basename(path).replace(/(?:\.json)?(?:\.gz)?$/i, "");
  const safe = stem
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.-]+/g, "_")
    .replaceAll(/\.{2,}/g, ".")
    .replaceAll(/^[^a-z0-9]+|[_.-]+$/g, "")
    .slice(0, 90);
  return safe === "" ? "document" : safe;
}

function bySource(pattern: RegExp): (clues: Clues) => boolean {
  return ({ source }) => source !== null && pattern.test(source.trim());
}

function extensionText({ header }: Clues, key: string): string | undefined {
  const text = at(header, "extension", key);
  return typeof text === "string" ? text : undefined;
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce(member, value);
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
