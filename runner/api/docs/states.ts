import type { Session } from "../../adapters/adapter.ts";
import { cellText } from "../../adapters/cell-text.ts";
import { sha256 } from "../../base/hash.ts";
import { BUILDS, readBuilds } from "../../plan/meta-builds.ts";
import { META_SCHEMA } from "../../plan/meta-tables.ts";
import type { OpenProject } from "../open-project.ts";

/**
 * For each node a text that changes when its rows may have: what it was built from, and what its parents are, as views show those. Empty
 * where that is not known: nodes that were never built by `build` or `run`, sources that are tables, and all that is below them.
 */
export async function statesOf(open: OpenProject, session: Session): Promise<(id: string) => string> {
  const { parsed, sources, dialect, project } = open;
  const isNoted = (await session.listRelations(META_SCHEMA)).has(BUILDS.relation.identifier);
  const rows = isNoted ? (await session.query(readBuilds(project.target.schema, dialect))).rows : [];
  const builds = new Map(
    rows.map(([id, build, , , , at]) => [cellText(id), `${cellText(build)} ${cellText(at)}`]),
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
    const build = builds.get(id);
    const node = parsed.graph.nodes.get(id);
    if (node === undefined) return "";
    const parents = node.dependsOn.nodes.map(stateOf);
    const isEphemeral = node.resourceType === "model" && node.config.materialized === "ephemeral";
    if ((build === undefined && !isEphemeral) || parents.includes("")) return "";
    return sha256(JSON.stringify([build ?? "", ...parents])).slice(0, 20);
  }
}
