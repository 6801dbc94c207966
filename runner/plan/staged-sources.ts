import { OperationError } from "../base/errors.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { Relation, SourceNode } from "../graph/types.ts";
import { stagedNames } from "../project/staging-names.ts";
import { emptyRelation } from "./source-relations.ts";
import type { SourceAsk, SourceFinder, StagedVintages } from "./source-relations.ts";

/**
 * Landed datasets where the engine reads no files: the tables that ingestion keeps in the same database. What is staged is known once a
 * run has looked (`know`); before that everything is taken to be there, as when a project is compiled without a warehouse.
 */
export function createStagedFinder(schema: string, dialect: Dialect): SourceFinder {
  let staged: StagedVintages | null = null;
  const namesOf = (node: SourceNode): ReturnType<typeof stagedNames> =>
    stagedNames(node.sourceName, node.identifier);
  const vintages: SourceFinder["vintages"] = (node) =>
    (node.landing ? staged?.get(namesOf(node).table) : undefined) ?? [];
  const isEmpty = (node: SourceNode): boolean =>
    node.landing && staged !== null && !staged.has(namesOf(node).table);
  return {
    vintages,
    isEmpty,
    know(found) {
      staged = found;
    },
    relation(node, ask) {
      if (!node.landing) return dialect.quoteRelation(node.relation);
      if (isEmpty(node)) return emptyRelation(node, ask.part, dialect);
      const names = namesOf(node);
      const quote = (identifier: string): string =>
        dialect.quoteRelation({ database: null, schema, identifier });
      if (ask.part === "dimensions") return quote(newestOnly(node, ask) ?? names.dimensions);
      const { vintage } = ask;
      if (vintage === null || vintage === "latest") return quote(names.latest);
      if (vintage === "all") return quote(names.editions);
      const wanted =
        vintage === "previous"
          ? `(${previousQuery(quote("batches"), names.table, dialect)})`
          : dialect.literal(vintage);
      const column = dialect.quoteIdentifier("_vintage");
      return dialect.asTable(
        `select * from ${quote(names.editions)} as edition where edition.${column} = ${wanted}`,
      );
    },
  };
}

/** Only the newest edition's categories are kept. */
function newestOnly({ sourceName, name }: SourceNode, { vintage }: SourceAsk): undefined {
  if (vintage === null || vintage === "latest") return undefined;
  throw new OperationError(
    "VINTAGE_UNSUPPORTED",
    `PostgreSQL keeps the categories of the newest edition of ${sourceName}.${name} alone, not of "${vintage}"`,
    { hint: "leave vintage out, or read older ones in DuckDB, from the landing zone" },
  );
}

/** The edition before the newest; nothing where there is one alone. */
const previousQuery = (batches: string, table: string, dialect: Dialect): string =>
  `select vintage from ${batches} where table_name = ${dialect.literal(table)} group by vintage order by min(sequence) desc offset 1 limit 1`;

/** What reads the editions that are staged: table, vintage, and when it was loaded, oldest first. */
export const readStagedQuery = (batches: Relation, dialect: Dialect): string =>
  `select table_name, vintage, min(extracted_at) as extracted_at from ${dialect.quoteRelation(batches)}
group by table_name, vintage order by min(sequence)`;
