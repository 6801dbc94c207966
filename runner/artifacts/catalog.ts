import { isRelation } from "../graph/relation-nodes.ts";
import type { CatalogRelation } from "../adapters/adapter.ts";
import type { JsonObject } from "../base/json.ts";
import type { Graph, Relation } from "../graph/types.ts";
import { metadataOf } from "./metadata.ts";
import type { Invocation } from "./metadata.ts";

/**
 * `catalog.json`, version 1: what the warehouse holds of the project, column by column. Relations that are no
 * node's and no source's are left out; so are nodes that have not been built.
 */
export function catalog(
  graph: Graph,
  relations: readonly CatalogRelation[],
  invocation: Invocation,
  errors: readonly string[] = [],
): JsonObject {
  const found = new Map(relations.map((entry) => [keyOf(entry.relation), entry]));
  const nodes = [...graph.nodes.values()].filter(isRelation);
  const tables = (of: Iterable<{ uniqueId: string; relation: Relation }>): JsonObject =>
    Object.fromEntries(
      [...of]
        .toSorted((a, b) => (a.uniqueId < b.uniqueId ? -1 : 1))
        .flatMap(({ uniqueId, relation }) => {
          const entry = found.get(keyOf(relation));
          return entry ? [[uniqueId, tableEntry(uniqueId, entry)]] : [];
        }),
    );
  return {
    metadata: metadataOf("catalog", invocation),
    nodes: tables(nodes),
    sources: tables(graph.sources.values()),
    errors: errors.length > 0 ? errors : null,
    _compile_results: null,
  };
}

/** Names are compared as engines do, case aside; a database is only told apart by the engine. */
const keyOf = ({ schema, identifier }: Relation): string =>
  JSON.stringify([schema, identifier]).toLowerCase();

function tableEntry(uniqueId: string, { relation, kind, comment, columns }: CatalogRelation): JsonObject {
  return {
    metadata: {
      type: kind === "table" ? "BASE TABLE" : "VIEW",
      schema: relation.schema,
      name: relation.identifier,
      database: relation.database,
      comment,
      owner: null,
    },
    columns: Object.fromEntries(
      columns.map(({ name, type, index, comment: about }) => [name, { type, index, name, comment: about }]),
    ),
    stats: {
      has_stats: {
        id: "has_stats",
        label: "Has Stats?",
        value: false,
        include: false,
        description: "Indicates whether there are statistics for this table",
      },
    },
    unique_id: uniqueId,
  };
}
