import { countries } from "./countries.ts";
import type { SampleCell, SampleDocument } from "./document-text.ts";
import { around, createRandom } from "./random.ts";

const procedures = [
  { code: "CATARACT", label: "Cataract surgery", days: 70 },
  { code: "HIP", label: "Hip replacement", days: 110 },
  { code: "KNEE", label: "Knee replacement", days: 140 },
] as const;
const quarters = [2022, 2023, 2024].flatMap((year) => [1, 2, 3, 4].map((quarter) => `${year}-Q${quarter}`));

/** Median days from referral to treatment, in the shape of Eurostat's quarterly datasets: periods `2024-Q1`. */
export function quarterlyWaits(): SampleDocument {
  const random = createRandom(13);
  const cells = new Map<string, SampleCell>();
  for (const { geo, reasons } of countries) {
    for (const { code, days } of procedures) {
      const base = days * (0.5 + reasons[2]) * around(random, 0.1);
      for (const [i, quarter] of quarters.entries()) {
        const number = (base * (1.08 - i * 0.012) * around(random, 0.05)).toFixed(0);
        const key = `Q DAY ${code} ${geo} ${quarter}`;
        if (geo === "LU" && code === "HIP") cells.set(key, { status: "|C" });
        else if (geo === "MT") cells.set(key, { number, status: i > 9 ? "pu" : "u" });
        else if (geo === "EL" && i < 4) cells.set(key, { status: "m" });
        else cells.set(key, { number, ...(i > 9 && { status: "p" }) });
      }
    }
  }
  return {
    code: "hlth_synth_q",
    label: "Median waiting time for planned surgery by procedure and quarter",
    updated: "2025-03-28T11:00:00+0100",
    dimensions: [
      { id: "freq", label: "Time frequency", categories: [["Q", "Quarterly"]] },
      { id: "unit", label: "Unit of measure", categories: [["DAY", "Days"]] },
      {
        id: "icha_proc",
        label: "Procedure",
        categories: procedures.map(({ code, label }): [string, string] => [code, label]),
      },
      {
        id: "geo",
        label: "Geopolitical entity (reporting)",
        categories: countries.map(({ geo, label }): [string, string] => [geo, label]),
      },
      {
        id: "time",
        label: "Time",
        categories: quarters.map((quarter): [string, string] => [quarter, quarter]),
      },
    ],
    cells,
  };
}
