import { join } from "node:path";
import type { Dialect, PortableType } from "../dialects/dialect.ts";
import type { SourceNode } from "../graph/types.ts";
import { VINTAGE_ID, datasetFolder, observationFiles, readVintages } from "../project/landing.ts";
import type { Vintage } from "../project/landing.ts";

/** Which rows of a landed dataset are meant. */
export type SourceAsk = {
  /** null or `latest`: the newest edition. `previous`: the one before. `all`: every edition. Else a vintage's id. */
  readonly vintage: string | null;
  readonly part: "observations" | "dimensions";
};

/** Editions that are staged, oldest first, by the table that holds the newest. */
export type StagedVintages = ReadonlyMap<
  string,
  readonly { readonly vintage: string; readonly extracted_at: string }[]
>;

/** Finds the SQL of sources. One finder serves a whole run: what lands meanwhile is not seen, so that all models see one state. */
export type SourceFinder = {
  /** What `source()` prints. */
  relation(node: SourceNode, ask: SourceAsk): string;
  /** Editions of a landed source, oldest first; empty when nothing landed or the source is a table of the warehouse. */
  vintages(node: SourceNode): readonly Pick<Vintage, "vintage" | "extracted_at">[];
  /** A landed source of which nothing has come yet: it reads as a table without rows. */
  isEmpty(node: SourceNode): boolean;
  /** Told to a finder that looks into the warehouse itself, at the start of a run. */
  know?(staged: StagedVintages): void;
};

/** Columns of the landing zone that hold for every dataset, with the types a dataset without any edition is given. */
const OBSERVATION_COLUMNS: readonly (readonly [string, PortableType])[] = [
  ["time_period", "text"],
  ["period_start", "date"],
  ["period_end", "date"],
  ["frequency", "text"],
  ["value", "double"],
  ["value_text", "text"],
  ["status", "text"],
  ["confidentiality", "text"],
  ["_dataset", "text"],
  ["_publisher", "text"],
  ["_vintage", "text"],
  ["_extracted_at", "timestamp"],
  ["_source", "text"],
  ["_batch_id", "text"],
];
const DIMENSION_COLUMNS: readonly (readonly [string, PortableType])[] = [
  ["dimension", "text"],
  ["column_name", "text"],
  ["code", "text"],
  ["label", "text"],
  ["position", "integer"],
  ["parent", "text"],
  ["unit", "text"],
  ["decimals", "integer"],
  ["dimension_label", "text"],
  ["role", "text"],
];

export function createSourceFinder(landing: string, dialect: Dialect): SourceFinder {
  const read = new Map<string, readonly Vintage[]>();
  const vintages = (node: SourceNode): readonly Vintage[] => {
    if (!node.landing) return [];
    let found = read.get(node.uniqueId);
    if (!found) read.set(node.uniqueId, (found = readVintages(landing, node.sourceName, node.identifier)));
    return found;
  };
  return {
    vintages,
    isEmpty: (node) => node.landing && vintages(node).length === 0,
    relation(node, { vintage, part }) {
      if (!node.landing) return dialect.quoteRelation(node.relation);
      const landed = vintages(node);
      const chosen = choose(landed, vintage);
      const from = chosen.length > 0 ? chosen : landed.slice(-1);
      if (from.length === 0) return emptyRelation(node, part, dialect);
      const files = from.flatMap((edition) => filesOf(landing, node, edition, part));
      const table = dialect.readParquet(files);
      return chosen.length > 0 ? table : dialect.asTable(`select * from ${table} where false`);
    },
  };
}

export const NAMED_VINTAGES = ["latest", "previous", "all"] as const;

/** Whether a vintage can be asked for: by name always, by id where it has landed; where nothing has, any id may come. */
export function isVintage(asked: string, known: readonly string[]): boolean {
  if (NAMED_VINTAGES.some((name) => name === asked)) return true;
  return known.length === 0 ? VINTAGE_ID.test(asked) : known.includes(asked);
}

function choose(landed: readonly Vintage[], vintage: string | null): readonly Vintage[] {
  if (vintage === null || vintage === "latest") return landed.slice(-1);
  if (vintage === "all") return landed;
  if (vintage === "previous") return landed.slice(-2, -1);
  return landed.filter((edition) => edition.vintage === vintage);
}

function filesOf(landing: string, node: SourceNode, edition: Vintage, part: SourceAsk["part"]): string[] {
  if (part === "observations") return observationFiles(landing, node.sourceName, node.identifier, edition);
  return [
    join(datasetFolder(landing, node.sourceName, node.identifier), edition.vintage, "dimensions.parquet"),
  ];
}

/** A dataset that has not landed is a table without rows: models of it build, and say nothing. Its columns are the described ones. */
export function emptyRelation(node: SourceNode, part: SourceAsk["part"], dialect: Dialect): string {
  const standard = part === "dimensions" ? DIMENSION_COLUMNS : OBSERVATION_COLUMNS;
  const known = new Set(standard.map(([name]) => name));
  const described =
    part === "dimensions" ? [] : [...node.columns.values()].filter(({ name }) => !known.has(name));
  const columns = [
    ...described.map(
      ({ name }) => `cast(null as ${dialect.type("text")}) as ${dialect.quoteIdentifier(name)}`,
    ),
    ...standard.map(
      ([name, type]) => `cast(null as ${dialect.type(type)}) as ${dialect.quoteIdentifier(name)}`,
    ),
  ];
  return dialect.asTable(`select ${columns.join(", ")} where false`);
}
