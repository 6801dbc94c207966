import { openAdapter } from "../adapters/open.ts";
import { catalog } from "../artifacts/catalog.ts";
import { writeArtifact } from "../artifacts/write-artifacts.ts";
import { generateSite } from "../docs/write-site.ts";
import { compileProject } from "./compile-project.ts";
import type { OpenProject } from "./open-project.ts";
import { invocationOf } from "./save-artifacts.ts";

/** Writes manifest, catalog and the site made from them; returns the path of its first page. What a last run left is shown too. */
export async function generateDocs(open: OpenProject): Promise<string> {
  compileProject(open, { select: [], exclude: [] });
  const { graph } = open.parsed;
  const nodes = [...graph.nodes.values()].filter(({ resourceType }) => resourceType !== "test");
  const schemas = new Set([...nodes, ...graph.sources.values()].map(({ relation }) => relation.schema));
  await using adapter = await openAdapter(open.project.target);
  const session = await adapter.session();
  const relations = await session.catalog([...schemas]);
  await session.close();
  writeArtifact(open.targetFolder, "catalog.json", catalog(graph, relations, invocationOf(open)));
  return generateSite(open.targetFolder);
}
