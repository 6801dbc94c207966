/** The loader of staging tables alone: `postgres <document>`, into the schema `statloom_bench` of STATLOOM_BENCH_POSTGRES_URL. */
import { openDocument } from "../../ingest/jsonstat/document.ts";
import { openStaging } from "../../ingest/landing/postgres/open-staging.ts";

const [source = "", vintage = ""] = process.argv.slice(2);
const url = process.env["STATLOOM_BENCH_POSTGRES_URL"] ?? "";
const cube = (await openDocument(source)).cubes[0]!;
const staging = openStaging({ url, schema: "statloom_bench", keepDocuments: "none" });
await staging.stage({
  publisher: "eurostat",
  dataset: "bench_cube",
  vintage,
  batchId: vintage,
  updated: null,
  // A later edition each time; its rows are the same.
  extractedAt: new Date().toISOString().slice(0, 19) + "Z",
  source: "cube.json",
  sha256: "0".repeat(64),
  rejected: 0,
  header: {},
  dimensions: [],
  keys: cube.dimensions.map(({ column }) => column),
  open: () => cube.observations(() => undefined),
});
await staging.close();
