import { isEphemeral } from "../graph/relation-nodes.ts";
import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/nearest.ts";
import { profileRelation } from "../checks/profile/profile.ts";
import type { RelationProfile } from "../checks/profile/profile.ts";
import { notBuilt } from "./not-built.ts";
import type { OpenProject } from "./open-project.ts";
import { withSession } from "./with-session.ts";
import { goesBy, nameWithVersion } from "../graph/versions.ts";

/**
 * What the rows of a node are like now: a model, seed or snapshot as it was built, a source as it has landed. `name`: `mart_x`,
 * `eurostat.hlth_silc_13`, or `schema.table` of the warehouse.
 */
export async function profileNode(open: OpenProject, name: string): Promise<RelationProfile> {
  const from = relationNamed(open, name);
  return withSession(open.project.target, open.effects.signal, async (session) => {
    const columns = await session.describe(`select * from ${from}`).catch(async (error: unknown) => {
      throw await notBuilt(open, session, from, error);
    });
    return profileRelation(session, from, columns, open.dialect);
  });
}

function relationNamed({ parsed: { graph }, dialect, sources }: OpenProject, name: string): string {
  for (const node of graph.nodes.values()) {
    if (node.resourceType === "test" || !goesBy(node, name)) continue;
    if (!isEphemeral(node)) return dialect.quoteRelation(node.relation);
    throw new UsageError(
      "NOT_A_RELATION",
      `"${name}" is ephemeral: it is no relation`,
      "profile a model that reads it",
    );
  }
  for (const source of graph.sources.values())
    if (`${source.sourceName}.${source.name}` === name)
      return sources.relation(source, { vintage: null, part: "observations" });
  const parts = name.split(".");
  const [schema, identifier] = parts;
  if (parts.length === 2 && schema && identifier)
    return dialect.quoteRelation({ database: null, schema, identifier });
  const known = [...graph.nodes.values()].flatMap((node) =>
    node.resourceType === "test" ? [] : [nameWithVersion(node)],
  );
  const ofSources = Array.from(graph.sources.values(), (source) => `${source.sourceName}.${source.name}`);
  const hint = didYouMean(name, [...known, ...ofSources]);
  throw new UsageError("NODE_UNKNOWN", `no model, seed, snapshot or source is named "${name}"`, hint);
}
