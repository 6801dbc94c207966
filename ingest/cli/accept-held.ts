import { UsageError } from "../../runner/base/errors.ts";
import type { JsonObject } from "../../runner/base/json.ts";
import { datasetFolder, readVintages } from "../../runner/project/landing.ts";
import type { LandedDataset, Vintage } from "../../runner/project/landing.ts";
import { acceptHeld, discardHeld } from "../landing/accept.ts";
import { readHeld } from "../landing/held-folder.ts";
import { readLanded } from "../landing/landed-edition.ts";
import { createStager } from "../sync/stager.ts";
import type { IngestEffects } from "./effects.ts";
import { findVintage } from "./find-vintage.ts";
import { reportStaged } from "./report-staged.ts";
import { createReporter, errorFacts, exitCodeOf } from "./reporter.ts";
import type { Reporter } from "./reporter.ts";
import { readSettings } from "./settings.ts";
import type { Settings } from "./settings.ts";
import { findDataset } from "./show-landed.ts";
import type { ShowOptions } from "./show-landed.ts";

/**
 * `ingest accept <dataset> [vintage]`: lists an edition that was kept aside and stages it where the project does, or removes it. Accepting what is listed
 * and staged already does nothing.
 */
export async function acceptVintage(
  options: ShowOptions & {
    readonly dataset: string;
    readonly vintage: string | undefined;
    readonly discard: boolean;
  },
  effects: IngestEffects,
): Promise<number> {
  const settings = await readSettings(effects, options);
  const { landing } = settings;
  const landed = findDataset(landing, options.dataset);
  const name = `${landed.publisher}/${landed.dataset}`;
  const listed = readVintages(landing, landed.publisher, landed.dataset);
  const folder = datasetFolder(landing, landed.publisher, landed.dataset);
  const held = readHeld(folder, listed).map(({ vintage }) => vintage);
  const reporter = createReporter(effects, options);
  if (held.length === 0 && options.vintage === undefined) {
    reporter.result(`${name}: nothing waits`, { ...landed, outcome: "nothing" });
    return 0;
  }
  if (held.length === 0 && options.discard)
    throw new UsageError(
      "VINTAGE_UNKNOWN",
      `nothing of ${name} waits to be let in or discarded`,
      "what has landed is removed by ingest vacuum",
    );
  const among = options.discard ? held : [...listed, ...held];
  const { vintage } = options.vintage === undefined ? only(held, name) : findVintage(among, options.vintage);
  if (options.discard) {
    if (!(await discardHeld(landing, landed, vintage))) throw gone(vintage, name);
    reporter.result(`discarded ${name} ${vintage}`, { ...landed, vintage, outcome: "discarded" });
    return 0;
  }
  const { outcome, current } = await acceptHeld(landing, landed, vintage);
  if (outcome === "unknown") throw gone(vintage, name);
  const what = outcome === "accepted" ? reporter.paint.green("accepted") : "listed already";
  const newest = current ? "it is the newest" : "a newer edition stays current";
  const text = `${what} ${name} ${vintage}: ${newest}`;
  const facts: JsonObject = { ...landed, vintage, outcome, current };
  try {
    reporter.result(text, { ...facts, ...(await stageNewest(settings, landed, vintage, reporter, effects)) });
    return 0;
  } catch (error) {
    // It is listed all the same; the same command, or the next landing, stages it.
    reporter.result(text, { ...facts, error: errorFacts(error) });
    reporter.error(error, name);
    return exitCodeOf(error);
  }
}

/** Takes an edition on to the staging table, from its files; nothing where there is none, or where it is not the newest. */
async function stageNewest(
  settings: Settings,
  landed: LandedDataset,
  vintage: string,
  reporter: Reporter,
  { signal }: IngestEffects,
): Promise<JsonObject> {
  const newest = readVintages(settings.landing, landed.publisher, landed.dataset).at(-1);
  if (!settings.staging?.url || newest?.vintage !== vintage) return {};
  const { withScratch } = await import("../landing/scratch.ts");
  const stager = createStager(settings, signal);
  try {
    return await withScratch(async (scratch) => {
      const edition = await readLanded(scratch, settings.landing, landed, newest);
      const staged = await stager.stage({ vintage: newest }, edition);
      return staged === null ? {} : reportStaged(staged, reporter);
    });
  } finally {
    await stager.close();
  }
}

const gone = (vintage: string, name: string): UsageError =>
  new UsageError("VINTAGE_UNKNOWN", `${vintage} of ${name} no longer waits`);

function only(held: readonly Vintage[], name: string): Vintage {
  if (held.length === 1) return held[0]!;
  const names = held.map(({ vintage }) => vintage).join(", ");
  throw new UsageError("VINTAGE_AMBIGUOUS", `several editions of ${name} wait`, `name one of ${names}`);
}
