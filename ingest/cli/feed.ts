import { formatTable, plural } from "../../runner/base/text.ts";
import { readChanges } from "../feed/read-changes.ts";
import type { ReadChanges } from "../feed/read-changes.ts";
import { needsCatalog } from "../sync/configured.ts";
import { openIngestion } from "../sync/open-ingestion.ts";
import type { IngestEffects } from "./effects.ts";
import { createReporter, exitCodeOf } from "./reporter.ts";
import { readSettings } from "./settings.ts";
import type { ShowOptions } from "./show-landed.ts";

/** `ingest feed`: reads what publishers say has changed, and marks the datasets of the project that it means as due. */
export async function readFeeds(
  options: ShowOptions & { readonly publisher: string | undefined },
  effects: IngestEffects,
): Promise<number> {
  const settings = await readSettings(effects, options);
  const reporter = createReporter(effects, options);
  const ingestion = openIngestion({ ...effects, settings });
  const found: ReadChanges[] = [];
  let exitCode = 0;
  try {
    const names = options.publisher === undefined ? ingestion.publisherNames : [options.publisher];
    for (const name of names) {
      try {
        const publisher = await ingestion.publisher(name);
        if (!publisher.hasCatalog) continue;
        const own = settings.datasets.filter((config) => config.publisher.toLowerCase() === publisher.name);
        const read = await readChanges({
          publisher,
          http: ingestion.http,
          landing: settings.landing,
          now: effects.now(),
          signal: effects.signal,
          looksUp: own.some(needsCatalog),
          configured: async () =>
            (await ingestion.configured()).filter((item) => item.publisher === publisher.name),
        });
        found.push(read);
        for (const dataset of read.deleted)
          reporter.warn(`${name} has withdrawn ${dataset}: what has landed stays`, {
            code: "DATASET_DELETED",
          });
      } catch (error) {
        effects.signal.throwIfAborted();
        // One publisher's outage is not the other's.
        reporter.error(error, name);
        exitCode = Math.max(exitCode, exitCodeOf(error));
      }
    }
    reporter.result(
      found.map(textOf).join("\n") || "no publisher of the project has a feed or a catalogue",
      found,
    );
    return exitCode;
  } finally {
    await ingestion.close();
  }
}

function textOf({ publisher, changes, due, fallback }: ReadChanges): string {
  const title = `${publisher}: ${plural(changes.length, "new item")}, ${plural(due.length, "dataset")} of the project now due`;
  const why = fallback === null ? [] : [`  dates of the catalogue were compared: ${fallback}`];
  const rows = due.map(({ dataset, by }) => [dataset, by]);
  return [title, ...why, ...(rows.length > 0 ? [formatTable(["due", "told by"], rows)] : [])].join("\n");
}
