import { Library } from "../../../support/publisher/library.ts";
import type { Dataset } from "../../../support/publisher/slice.ts";

/** A dataset of 3 countries and 2 years, as Eurostat sends them; every value is a multiple of `seed`. */
export const edition = (code: string, updated: string, seed: number): Dataset => ({
  version: "2.0",
  class: "dataset",
  label: `Toy ${code}`,
  source: "ESTAT",
  updated,
  value: { "0": seed, "1": seed * 2, "2": seed * 3, "3": seed * 4, "5": seed * 6 },
  status: { "4": ":" },
  id: ["freq", "geo", "time"],
  size: [1, 3, 2],
  dimension: {
    freq: { label: "Frequency", category: { index: { A: 0 }, label: { A: "Annual" } } },
    geo: {
      label: "Country",
      category: { index: { DE: 0, FR: 1, IT: 2 }, label: { DE: "Germany", FR: "France", IT: "Italy" } },
    },
    time: {
      label: "Time",
      category: { index: { "2023": 0, "2024": 1 }, label: { "2023": "2023", "2024": "2024" } },
    },
  },
  extension: { id: code.toUpperCase(), agencyId: "ESTAT" },
});

/** Eurostat with some toys, all of the first of January 2026. */
export function tinyLibrary(codes: readonly string[] = ["toy_a", "toy_b"]): Library {
  const library = new Library();
  for (const [i, code] of codes.entries())
    library.publish(code, edition(code, "2026-01-01T11:00:00+0100", i + 1), new Date("2026-01-01T10:00:00Z"));
  return library;
}
