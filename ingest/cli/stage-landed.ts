import type { JsonObject } from "../../runner/base/json.ts";
import { formatSeconds, plural } from "../../runner/base/text.ts";
import { landingName, readVintages } from "../../runner/project/landing.ts";
import type { Edition, Landed } from "../landing/land.ts";
import type { Staging } from "../landing/postgres/open-staging.ts";
import type { Staged } from "../landing/postgres/staging.ts";
import type { Reporter } from "./reporter.ts";
import type { Settings } from "./settings.ts";

/** Takes what has landed on to the staging tables; does nothing, and loads no driver, where the project has none. */
export type Stager = {
  /** The facts of it, under `staging`; none where there is nothing to do. */
  stage(landed: Landed, edition: Edition): Promise<JsonObject>;
  close(): Promise<void>;
};

export function createStager(
  { landing, staging: config }: Pick<Settings, "landing" | "staging">,
  reporter: Reporter,
  signal: AbortSignal,
): Stager {
  let staging: Staging | undefined;
  return {
    async stage({ vintage }, edition) {
      if (config === undefined || config.url === "") return {};
      const publisher = landingName("publisher", edition.publisher);
      const dataset = landingName("dataset", edition.dataset);
      // An edition that landed before, but could not be staged then, is caught up with; one that is old or held aside is not.
      if (readVintages(landing, publisher, dataset).at(-1)?.vintage !== vintage.vintage) return {};
      const { openStaging } = await import("../landing/postgres/open-staging.ts");
      staging ??= openStaging({
        url: config.url,
        schema: config.schema,
        partitionByPeriod: config.partition_by_period,
        keepDocuments: config.keep_documents,
        signal,
      });
      const staged = await staging.stage({
        publisher,
        dataset,
        vintage: vintage.vintage,
        batchId: vintage.batch_id,
        updated: vintage.updated,
        extractedAt: vintage.extracted_at,
        source: vintage.source,
        sha256: vintage.sha256,
        rejected: vintage.rejected,
        header: edition.header,
        keys: edition.dimensions.map(({ column }) => column),
        document: vintage.files.find(({ path }) => path.startsWith("document."))?.path ?? null,
        // What cannot be placed was rejected when it landed.
        open: () => edition.open(() => {}),
      });
      return report(staged, reporter);
    },
    close: async () => staging?.close(),
  };
}

function report({ outcome, table, counts, seconds }: Staged, reporter: Reporter): JsonObject {
  const { inserted, updated, deleted, unchanged } = counts;
  const facts = { outcome, table, ...counts, seconds: Math.round(seconds * 1000) / 1000 };
  if (outcome === "loaded") {
    const changes = [
      `${plural(inserted, "row")} new`,
      `${updated} revised`,
      `${deleted} deleted`,
      `${unchanged} as before`,
    ];
    reporter.event(
      "staged",
      `${reporter.paint.green("staged")} ${reporter.paint.bold(table)}: ${changes.join(", ")} in ${formatSeconds(seconds)}`,
      facts,
    );
  }
  return { staging: facts };
}
