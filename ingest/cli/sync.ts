import { formatSeconds, formatTable, plural, printable } from "../../runner/base/text.ts";
import { ensureCatalogs } from "../catalog/ensure-catalogs.ts";
import { openIngestion } from "../sync/open-ingestion.ts";
import { chooseDatasets } from "../sync/choose.ts";
import { syncAll } from "../sync/sync-all.ts";
import type { SyncResult } from "../sync/sync-dataset.ts";
import { observeSync } from "../observe/observe-sync.ts";
import { createStager } from "../sync/stager.ts";
import { instantText } from "../landing/vintage-id.ts";
import type { IngestEffects } from "./effects.ts";
import { createReporter, exitCodeOf } from "./reporter.ts";
import { readDay } from "./options.ts";
import { readSettings } from "./settings.ts";
import type { ShowOptions } from "./show-landed.ts";
import { createSyncPrinter } from "./sync-printer.ts";

export type SyncOptions = ShowOptions & {
  readonly datasets: readonly string[];
  readonly force: boolean;
  readonly due: boolean;
  readonly since: string | undefined;
  readonly maxBytes: number;
};

/** `ingest sync [dataset…]`: brings datasets up to date. 1 when one failed or was held back. */
export async function syncDatasets(options: SyncOptions, effects: IngestEffects): Promise<number> {
  const settings = await readSettings(effects, options);
  const reporter = createReporter(effects, options);
  const ingestion = openIngestion({ ...effects, settings });
  const stager = createStager(settings, effects.signal);
  const observer = observeSync(settings, effects.now);
  const printer = createSyncPrinter(effects, reporter, options);
  try {
    let exitCode: 0 | 1 | 2 = 0;
    await ensureCatalogs({
      ingestion,
      datasets: settings.datasets,
      landing: settings.landing,
      now: effects.now(),
      signal: effects.signal,
      onError(name, error) {
        reporter.error(error, name);
        exitCode = exitCodeOf(error);
      },
    });
    const chosen = chooseDatasets(await ingestion.configured(), options.datasets, {
      landing: settings.landing,
      due: options.due,
      since: readDay("--since", options.since),
      now: instantText(effects.now()),
    });
    printer.expect(chosen.length);
    const results = await syncAll(chosen, {
      settings,
      http: ingestion.http,
      clock: effects,
      signal: effects.signal,
      publisherOf: (name) => ingestion.publisher(name),
      stager,
      onEvent(event) {
        printer.show(event);
        observer.see(event);
      },
      force: options.force,
      maxBytes: options.maxBytes,
    });
    printer.clear();
    for (const message of await observer.tell()) reporter.warn(message);
    reporter.result(tableOf(results, options.due), results);
    const failed = results.some(({ kind }) => kind === "failed" || kind === "held") || effects.signal.aborted;
    return failed && exitCode === 0 ? 1 : exitCode;
  } finally {
    printer.clear();
    await stager.close();
    await ingestion.close();
  }
}

function tableOf(results: readonly SyncResult[], due: boolean): string {
  if (results.length === 0)
    return due ? "nothing is due" : "the project lists no dataset: see ingest.datasets in sql_project.yaml";
  const rows = results.map((result) => [
    `${result.publisher}/${result.dataset}`,
    result.kind,
    "vintage" in result ? result.vintage : "",
    "rows" in result ? result.rows : null,
    result.bytes,
    result.retries,
    formatSeconds(result.seconds),
    wordsOf(result),
  ]);
  const counts = new Map<string, number>();
  for (const { kind } of results) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const sum = [...counts].map(([kind, count]) => `${count} ${kind}`).join(", ");
  const header = ["dataset", "outcome", "vintage", "rows", "bytes", "retries", "time", ""];
  return `\n${formatTable(header, rows)}\n${plural(results.length, "dataset")}: ${sum}`;
}

function wordsOf(result: SyncResult): string {
  if (result.kind === "failed") {
    const next = result.dead
      ? "given up until something newer is announced"
      : `again after ${result.retryAt}`;
    return printable(`${result.code}; ${next}`);
  }
  if (result.kind === "skipped") return result.message;
  return result.kind === "unchanged" ? `told by the ${result.told}` : "";
}
