import type { StagingConfig } from "../../runner/project/project-schema.ts";
import { landingName, readVintages } from "../../runner/project/landing.ts";
import type { RowSource } from "../landing/batch-source.ts";
import type { Edition, Landed } from "../landing/land.ts";
import type { Staging } from "../landing/postgres/open-staging.ts";
import type { Staged, StagingOptions } from "../landing/postgres/staging.ts";

/** What staging needs of an edition: fresh from its document, or read again from the landing zone. */
export type Stageable = Pick<Edition, "publisher" | "dataset" | "header" | "dimensions"> & {
  open(reject: () => void): RowSource;
};

/** Takes what has landed on to the staging tables; does nothing, and loads no driver, where the project has none. */
export type Stager = {
  /** What it did; null where there was nothing to do. */
  stage(landed: Pick<Landed, "vintage">, edition: Stageable): Promise<Staged | null>;
  close(): Promise<void>;
};

/** `root` and `env`: where what the address of the database does not say is looked for. */
type StagerSettings = Required<Pick<StagingOptions, "root" | "env">> & {
  readonly landing: string;
  readonly staging: StagingConfig | undefined;
};

export function createStager(
  { landing, root, env, staging: config }: StagerSettings,
  signal: AbortSignal,
): Stager {
  let staging: Staging | undefined;
  return {
    async stage({ vintage }, edition) {
      if (config === undefined || config.url === "") return null;
      const publisher = landingName("publisher", edition.publisher);
      const dataset = landingName("dataset", edition.dataset);
      // An edition that landed before, but could not be staged then, is caught up with; one that is old or held aside is not.
      if (readVintages(landing, publisher, dataset).at(-1)?.vintage !== vintage.vintage) return null;
      const { openStaging } = await import("../landing/postgres/open-staging.ts");
      staging ??= openStaging({
        url: config.url,
        root,
        env,
        schema: config.schema,
        partitionByPeriod: config.partition_by_period,
        keepDocuments: config.keep_documents,
        signal,
      });
      return staging.stage({
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
        dimensions: edition.dimensions,
        document: vintage.files.find(({ path }) => path.startsWith("document."))?.path ?? null,
        // What cannot be placed was rejected when it landed.
        open: () => edition.open(() => {}),
      });
    },
    close: async () => staging?.close(),
  };
}
