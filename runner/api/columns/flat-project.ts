import { addTo } from "../../base/group-by.ts";
import { duckdb } from "../../dialects/duckdb.ts";
import type { ModelNode, Relation, SourceNode } from "../../graph/types.ts";
import { createCompiler } from "../../plan/compile.ts";
import type { Compiler } from "../../plan/compile.ts";
import { createSourceFinder } from "../../plan/source-relations.ts";
import type { SourceAsk, SourceFinder } from "../../plan/source-relations.ts";
import { compileInputOf } from "../compile-input.ts";
import type { OpenProject } from "../open-project.ts";

/** A project compiled to be read instead of run: each model's query names its parents, ephemeral models and landed sources included. */
export type FlatProject = {
  readonly compiler: Compiler;
  /** Every relation that stands for a source and has been printed so far. */
  sources(): Iterable<FlatSource>;
  /** Those of one source. */
  sourcesOf(uniqueId: string): readonly FlatSource[];
};

export type FlatSource = {
  readonly uniqueId: string;
  readonly relation: Relation;
  /** A query on the landed files in DuckDB's words, or null where the table is the warehouse's own. */
  readonly landed: string | null;
};

export function flatten(
  open: OpenProject,
  isIncremental: (node: ModelNode) => boolean = () => false,
): FlatProject {
  const printed = new Map<string, FlatSource>();
  const ofSource = new Map<string, FlatSource[]>();
  const finder = createSourceFinder(open.project.landing, duckdb);
  const sources: SourceFinder = {
    vintages: (node) => finder.vintages(node),
    isEmpty: (node) => finder.isEmpty(node),
    relation(node, ask) {
      const relation = flatRelation(node, ask);
      const key = keyOf([relation.schema, relation.identifier]);
      if (!printed.has(key)) {
        const landed = node.landing ? finder.relation(node, ask) : null;
        const source = { uniqueId: node.uniqueId, relation, landed };
        printed.set(key, source);
        addTo(ofSource, node.uniqueId, source);
      }
      return open.dialect.quoteRelation(relation);
    },
  };
  return {
    compiler: createCompiler({ ...compileInputOf(open, isIncremental), sources, ephemeralAsRelation: true }),
    sources: () => printed.values(),
    sourcesOf: (uniqueId) => ofSource.get(uniqueId) ?? [],
  };
}

/** Editions and parts of a dataset may differ in their columns, so that each is a relation of its own. */
function flatRelation(node: SourceNode, { vintage, part }: SourceAsk): Relation {
  const words = [node.relation.identifier, part === "dimensions" ? part : null, vintage];
  const identifier = words.filter((word) => word !== null).join(" ");
  return { database: null, schema: node.relation.schema, identifier };
}

/** Names are compared without case, as DuckDB compares them. */
export const keyOf = (parts: readonly string[]): string =>
  JSON.stringify(parts.map((part) => part.toLowerCase()));
