import { UsageError } from "../../runner/base/errors.ts";
import { datasetFolder, readVintages } from "../../runner/project/landing.ts";
import type { Vintage } from "../../runner/project/landing.ts";
import { acceptHeld, discardHeld } from "../landing/accept.ts";
import { readHeld } from "../landing/held-folder.ts";
import type { IngestEffects } from "./effects.ts";
import { findVintage } from "./find-vintage.ts";
import { createReporter } from "./reporter.ts";
import { readSettings } from "./settings.ts";
import { findDataset } from "./show-landed.ts";
import type { ShowOptions } from "./show-landed.ts";

/** `ingest accept <dataset> [vintage]`: lists an edition that was kept aside, or removes it. Accepting what is listed already does nothing. */
export async function acceptVintage(
  options: ShowOptions & {
    readonly dataset: string;
    readonly vintage: string | undefined;
    readonly discard: boolean;
  },
  effects: IngestEffects,
): Promise<number> {
  const { landing } = await readSettings(effects, options);
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
  reporter.result(`${what} ${name} ${vintage}: ${newest}`, { ...landed, vintage, outcome, current });
  return 0;
}

const gone = (vintage: string, name: string): UsageError =>
  new UsageError("VINTAGE_UNKNOWN", `${vintage} of ${name} no longer waits`);

function only(held: readonly Vintage[], name: string): Vintage {
  if (held.length === 1) return held[0]!;
  const names = held.map(({ vintage }) => vintage).join(", ");
  throw new UsageError("VINTAGE_AMBIGUOUS", `several editions of ${name} wait`, `name one of ${names}`);
}
