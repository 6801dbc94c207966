import type { SiteArtifacts } from "../artifact-schemas.ts";
import type { ExploreData } from "./explore-types.ts";
import { bucketsFor } from "./bucket-of.ts";
import { indexFile, searchFile } from "./index-file.ts";
import { homeFile } from "./home-file.ts";
import { columnFiles, lineageFile } from "./lineage-files.ts";
import { nodeFiles } from "./node-files.ts";
import { runsFiles } from "./runs-files.ts";
import { prepareSite } from "./site-model.ts";
import type { CatalogueData } from "./catalogue-types.ts";
import type { SiteFrame } from "./frame-types.ts";

/** Every data file of the site by name, as values that print as JSON; pure. Those of ten thousand nodes are made one by one. */
export function* dataFiles(artifacts: SiteArtifacts): Generator<[name: string, value: unknown]> {
  const model = prepareSite(artifacts);
  const { metadata } = artifacts.manifest;
  const runs = runsFiles(model);
  const catalogues = artifacts.observed?.catalogues ?? [];
  const frame: SiteFrame = {
    project: metadata.project_name ?? "",
    generatedAt: metadata.generated_at,
    adapter: metadata.adapter_type ?? "",
    target: artifacts.observed?.target ?? "",
    buckets: bucketsFor(model.nodes.length + model.tests.size),
    nodes: model.nodes.length,
    has: [
      ...(runs.has("runs") ? (["runs"] as const) : []),
      ...(catalogues.length > 0 ? (["catalogue"] as const) : []),
      ...(artifacts.explore?.data.tables.length ? (["explore"] as const) : []),
    ],
  };
  yield* new Map<string, unknown>([
    ["frame", frame],
    ["index", indexFile(model)],
    ["search", searchFile(model)],
    ["home", homeFile(model)],
    ["catalogue", { publishers: catalogues } satisfies CatalogueData],
    ...runs,
    ["lineage", lineageFile(model)],
    ["explore", artifacts.explore?.data ?? ({ tables: [], leftOut: [] } satisfies ExploreData)],
  ]);
  yield* nodeFiles(model, frame.buckets);
  yield* columnFiles(model, artifacts.lineage ?? new Map(), frame.buckets);
}

/** A data file as a script that hands itself over: text within text, which can be nothing but data. */
export const dataScript = (name: string, value: unknown): string =>
  `statloom.data(${JSON.stringify(name)}, ${JSON.stringify(JSON.stringify(value))});\n`;
