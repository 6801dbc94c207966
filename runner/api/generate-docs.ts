import { catalog } from "../artifacts/catalog.ts";
import { writeArtifact } from "../artifacts/write-artifacts.ts";
import { generateSite } from "../docs/write-site.ts";
import { compileProject } from "./compile-project.ts";
import type { OpenProject } from "./open-project.ts";
import { invocationOf } from "./save-artifacts.ts";
import { withSession } from "./with-session.ts";

/** Writes manifest, catalog and the site made from them; returns the path of its first page. What a last run left is shown too. */
export async function generateDocs(open: OpenProject): Promise<string> {
  await compileProject(open, { select: [], exclude: [], all: true });
  const { graph } = open.parsed;
  const nodes = [...graph.nodes.values()].filter(({ resourceType }) => resourceType !== "test");
  const schemas = new Set([...nodes, ...graph.sources.values()].map(({ relation }) => relation.schema));
  const relations = await withSession(open.project.target, (session) => session.catalog([...schemas]));
  writeArtifact(open.targetFolder, "catalog.json", catalog(graph, relations, invocationOf(open)));
  return generateSite(open.targetFolder);
}
