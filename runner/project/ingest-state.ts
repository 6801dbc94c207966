import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { parseJson } from "../base/json.ts";
import { listLanded, readVintages } from "./landing.ts";

/**
 * What ingestion knows beside what has landed, as far as others show it: `<landing>/.ingest/<publisher>/_catalog.ndjson` has an entry a
 * line, `<landing>/.ingest/<publisher>/<dataset>/state.json` whether a dataset is due. What cannot be read is not known.
 */
const entrySchema = z.object({
  code: z.string(),
  title: z.string().catch(""),
  themes: z.array(z.array(z.object({ title: z.string() }))).catch([]),
  updated: z.string().nullable().catch(null),
  start: z.string().nullable().catch(null),
  end: z.string().nullable().catch(null),
  values: z.number().nullable().catch(null),
});
export type OfferedDataset = z.infer<typeof entrySchema>;

const stateSchema = z.object({ due: z.unknown(), failure: z.unknown() });

/** Publishers whose catalogue has been loaded, with what they offer and when it was asked for last. */
export function readOffers(landing: string): {
  readonly publisher: string;
  readonly loaded: string | null;
  readonly entries: readonly OfferedDataset[];
}[] {
  return foldersOf(join(landing, ".ingest")).flatMap((publisher) => {
    const lines = readText(join(landing, ".ingest", publisher, "_catalog.ndjson"))?.split("\n") ?? [];
    const entries = lines.flatMap((line) => {
      const parsed = entrySchema.safeParse(parseJson(line));
      return parsed.success ? [parsed.data] : [];
    });
    if (entries.length === 0) return [];
    return [
      {
        publisher,
        loaded: readVintages(landing, publisher, "catalog").at(-1)?.extracted_at ?? null,
        entries,
      },
    ];
  });
}

/** The newest edition of every landed dataset of a publisher, by code in lower case. */
export const landedOf = (landing: string, publisher: string): ReadonlyMap<string, string> =>
  new Map(
    listLanded(landing)
      .filter((landed) => landed.publisher === publisher.toLowerCase())
      .map(({ dataset }) => [dataset, readVintages(landing, publisher, dataset).at(-1)?.vintage ?? ""]),
  );

/** Whether something newer was announced than what has landed, or the last attempt to fetch it failed. */
export function isDue(landing: string, publisher: string, dataset: string): boolean {
  const text = readText(
    join(landing, ".ingest", publisher.toLowerCase(), dataset.toLowerCase(), "state.json"),
  );
  const state = stateSchema.safeParse(parseJson(text ?? ""));
  return state.success && (state.data.due ?? state.data.failure ?? null) !== null;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
function foldersOf(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}
