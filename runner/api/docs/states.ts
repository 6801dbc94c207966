import { isEphemeral } from "../../graph/relation-nodes.ts";
import type { Session } from "../../adapters/adapter.ts";
import { cellText } from "../../adapters/cell-text.ts";
import { sha256 } from "../../base/hash.ts";
import { META_SCHEMA, SEEDS_TABLE, readSeeds } from "../../plan/meta-tables.ts";
import type { OpenProject } from "../open-project.ts";
import { readRecords } from "../build-records.ts";

const seedKey = (schema: string, name: string): string => JSON.stringify([schema, name]);

/**
 * For each node a text that changes when its rows may have: what it was built from, and what its parents are, as views show those. Empty
 * where that is not known: nodes that were never built by `build` or `run`, sources that are tables, and all that is below them.
 */
export async function statesOf(open: OpenProject, session: Session): Promise<(id: string) => string> {
  const { parsed, sources, dialect } = open;
  const builds = await readRecords(open, session);
  const tables = await session.listRelations(META_SCHEMA);
  const seedRows = tables.has(SEEDS_TABLE) ? (await session.query(readSeeds(dialect))).rows : [];
  const seeds = new Map(
    seedRows.map(([schema, name, fingerprint]) => [
      seedKey(cellText(schema), cellText(name)),
      cellText(fingerprint),
    ]),
  );
  const known = new Map<string, string>();
  const stateOf = (id: string): string => {
    const before = known.get(id);
    if (before !== undefined) return before;
    known.set(id, ""); // a cycle has no state
    const state = make(id);
    known.set(id, state);
    return state;
  };
  return stateOf;

  function make(id: string): string {
    const source = parsed.graph.sources.get(id);
    if (source !== undefined) return sources.vintages(source).at(-1)?.vintage ?? "";
    const node = parsed.graph.nodes.get(id);
    if (node === undefined) return "";
    if (node.resourceType === "seed")
      return seeds.get(seedKey(node.relation.schema, node.relation.identifier)) ?? "";
    const build = builds.get(id);
    const parents = node.dependsOn.nodes.map(stateOf);
    if ((build === undefined && !isEphemeral(node)) || parents.includes("")) return "";
    return sha256(JSON.stringify([build?.buildId ?? "", build?.builtAt ?? 0, ...parents])).slice(0, 20);
  }
}
