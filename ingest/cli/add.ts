import { UsageError } from "../../runner/base/errors.ts";
import { plural, printable } from "../../runner/base/text.ts";
import { withDotEnv } from "../../runner/project/dot-env.ts";
import { readProject } from "../../runner/project/read-project.ts";
import { addDataset } from "../add/add-dataset.ts";
import { namesOf } from "../add/names.ts";
import { readCatalog } from "../state/catalog-state.ts";
import { expandDatasets } from "../sync/configured.ts";
import { openIngestion } from "../sync/open-ingestion.ts";
import type { IngestEffects } from "./effects.ts";
import { createReporter } from "./reporter.ts";
import { readSettings } from "./settings.ts";
import type { ShowOptions } from "./show-landed.ts";

export type AddCommand = ShowOptions & {
  readonly publisher: string;
  readonly dataset: string;
  /** Of the document, for publishers of files. */
  readonly url: string | undefined;
};

/** `ingest add <publisher> <dataset>`: asks the publisher what a dataset is, and writes it into the project. */
export async function add(options: AddCommand, effects: IngestEffects): Promise<number> {
  const settings = await readSettings(effects, options);
  const { root, landing } = settings;
  const reporter = createReporter(effects, options);
  const project = await readProject(root, { env: withDotEnv(root, effects.env), target: options.target });
  const ingestion = openIngestion({ ...effects, settings });
  try {
    const publisher = await ingestion.publisher(options.publisher);
    const { url } = options;
    const wanted = { code: options.dataset, filters: {}, ...(url !== undefined && { url }) };
    const mistakes = publisher.check(wanted);
    if (mistakes.length > 0) throw new UsageError("DATASET_INVALID", mistakes.join("; "));
    const description = await publisher.describe(ingestion.http, wanted);
    const names = namesOf(publisher.name, publisher.datasetName(options.dataset), description);
    const known = expandDatasets(publisher, settings.datasets, readCatalog(landing, publisher.name));
    const isKnown = known.some(({ dataset }) => dataset === names.dataset);
    const entry = { publisher: publisher.name, code: description.code, ...(url !== undefined && { url }) };
    const files = addDataset({ project, names, description, entry: isKnown ? null : entry });
    const { paint } = reporter;
    const lines = files.map(({ file, outcome }) =>
      outcome === "written" ? `${paint.green("written")} ${file}` : `${paint.dim("kept")}    ${file}`,
    );
    const isNew = files.some(({ outcome }) => outcome === "written");
    const next = isNew
      ? [
          `next: ingest sync ${names.dataset} && models build --select source:${names.publisher}.${names.dataset}+`,
        ]
      : ["it was there already"];
    const title = `${names.publisher}/${names.dataset}: ${printable(description.title)}, ${plural(names.columns.length, "dimension")}`;
    reporter.result([title, ...lines, ...next].join("\n"), {
      publisher: names.publisher,
      dataset: names.dataset,
      title: description.title,
      model: names.model,
      files,
    });
    return 0;
  } finally {
    await ingestion.close();
  }
}
