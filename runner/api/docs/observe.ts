import type { CatalogRelation, Session } from "../../adapters/adapter.ts";
import type { Catalogue } from "../../docs/data/catalogue-types.ts";
import { nothingObserved } from "../../docs/observed.ts";
import type { Observed } from "../../docs/observed.ts";
import { isDue, landedOf, readOffers } from "../../project/ingest-state.ts";
import type { OpenProject } from "../open-project.ts";
import { openFactsCache } from "./facts-cache.ts";
import { observeDatasets } from "./observe-datasets.ts";
import { observeNodes } from "./observe-nodes.ts";
import type { Subject } from "./observe-nodes.ts";
import { readHistory } from "./read-history.ts";
import { statesOf } from "./states.ts";

export type ObserveOptions = {
  /** Profiles and example rows of every relation. */
  readonly profile: boolean;
  readonly warn: (message: string) => void;
};

/** What the artifacts do not hold: looks into the warehouse and the landing zone. What was measured before and has not changed is kept. */
export async function observe(
  open: OpenProject,
  relations: readonly CatalogRelation[],
  sessions: readonly Session[],
  { profile, warn }: ObserveOptions,
): Promise<Observed> {
  const session = sessions[0]!;
  const cache = openFactsCache(open.targetFolder);
  const subjects = profile ? await subjectsOf(open, relations, session) : [];
  const observed: Observed = {
    ...nothingObserved(open.project.target.name),
    history: await readHistory(open, session),
    nodes: await observeNodes(open, subjects, sessions, cache, warn),
    datasets: await observeDatasets(open, session, cache, warn),
    catalogues: cataloguesOf(open),
  };
  cache.save();
  return observed;
}

async function subjectsOf(
  open: OpenProject,
  relations: readonly CatalogRelation[],
  session: Session,
): Promise<Subject[]> {
  const { parsed, dialect, sources } = open;
  const key = (schema: string, name: string): string => JSON.stringify([schema, name]).toLowerCase();
  const there = new Set(relations.map(({ relation }) => key(relation.schema, relation.identifier)));
  const stateOf = await statesOf(open, session);
  const ofNodes = [...parsed.graph.nodes.values()].flatMap((node): Subject[] =>
    node.resourceType !== "test" && there.has(key(node.relation.schema, node.relation.identifier))
      ? [{ id: node.uniqueId, from: dialect.quoteRelation(node.relation), state: stateOf(node.uniqueId) }]
      : [],
  );
  const ofSources = [...parsed.graph.sources.values()].flatMap((source): Subject[] => {
    const isThere = source.landing
      ? !sources.isEmpty(source)
      : there.has(key(source.relation.schema, source.relation.identifier));
    if (!isThere) return [];
    const from = sources.relation(source, { vintage: null, part: "observations" });
    return [{ id: source.uniqueId, from, state: stateOf(source.uniqueId) }];
  });
  return [...ofSources, ...ofNodes];
}

function cataloguesOf({ project: { landing }, parsed: { graph } }: OpenProject): Catalogue[] {
  const nodes = new Map(
    [...graph.sources.values()]
      .filter((source) => source.landing)
      .map((source) => [`${source.sourceName} ${source.identifier}`.toLowerCase(), source.uniqueId]),
  );
  return readOffers(landing).map(({ publisher, loaded, entries }) => {
    const landed = landedOf(landing, publisher);
    return {
      publisher,
      loaded,
      entries: entries.map(({ code, title, themes, updated, start, end, values }) => ({
        code,
        title,
        theme: (themes[0] ?? []).map((theme) => theme.title).join(" / "),
        updated,
        first: start,
        last: end,
        values,
        landed: landed.get(code.toLowerCase()) || null,
        isDue: landed.has(code.toLowerCase()) && isDue(landing, publisher, code),
        node: nodes.get(`${publisher} ${code}`.toLowerCase()) ?? null,
      })),
    };
  });
}
