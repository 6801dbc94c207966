import { catalog } from "../artifacts/catalog.ts";
import { writeArtifact } from "../artifacts/write-artifacts.ts";
import { generateSite } from "../docs/write-site.ts";
import { knowableLineage } from "./columns/column-lineage.ts";
import { compileProject } from "./compile-project.ts";
import { EXPORT_DEFAULTS, exportTables } from "./docs/export-tables.ts";
import type { ExportOptions } from "./docs/export-tables.ts";
import { observe } from "./docs/observe.ts";
import { learnStaged } from "./learn-staged.ts";
import type { OpenProject } from "./open-project.ts";
import { invocationOf } from "./save-artifacts.ts";
import { goOn } from "./stop-with.ts";
import { withAdapter } from "./with-session.ts";

export type DocsOptions = {
  /** Whether values are looked at: profiles of columns and example rows. */
  readonly profile?: boolean;
  /** What can be queried on the site; null: nothing. */
  readonly explore?: ExportOptions | null;
  readonly onWarning?: (message: string) => void;
};

/** Writes manifest, catalog and the site made from them; returns the path of its first page. What earlier runs left is shown too. */
export async function generateDocs(open: OpenProject, options: DocsOptions = {}): Promise<string> {
  await compileProject(open, { select: [], exclude: [], all: true });
  await learnStaged(open);
  const { graph } = open.parsed;
  const { target } = open.project;
  const nodes = [...graph.nodes.values()].filter(({ resourceType }) => resourceType !== "test");
  const schemas = new Set([...nodes, ...graph.sources.values()].map(({ relation }) => relation.schema));
  const { profile = true } = options;
  // A site that shows no values hands out no rows either.
  const explored = options.explore === undefined ? (profile ? EXPORT_DEFAULTS : null) : options.explore;
  const { observed, explore } = await withAdapter(target, open.effects.signal, async (adapter) => {
    const sessions = await Promise.all(Array.from({ length: target.threads }, () => adapter.session()));
    try {
      const relations = await sessions[0]!.catalog([...schemas]);
      writeArtifact(open.targetFolder, "catalog.json", catalog(graph, relations, invocationOf(open)));
      return {
        observed: await observe(open, relations, sessions, {
          profile,
          warn: options.onWarning ?? (() => undefined),
        }),
        explore: explored ? await exportTables(open, relations, sessions[0]!, explored) : undefined,
      };
    } finally {
      for (const session of sessions) await session.close();
    }
  });
  const lineage = await knowableLineage(open, [
    ...nodes.map(({ uniqueId }) => uniqueId),
    ...graph.sources.keys(),
  ]);
  goOn(open.effects.signal);
  return generateSite(open.targetFolder, observed, undefined, { lineage, explore });
}
