import { countries } from "./countries.ts";
import type { SampleCell, SampleDocument } from "./document-text.ts";
import { around, createRandom } from "./random.ts";

/** Deaths of a month against the year's mean: more in winter. */
const season = [1.13, 1.08, 1.06, 1, 0.96, 0.94, 0.96, 0.95, 0.93, 0.97, 1, 1.12];
const YEARS = [2022, 2023, 2024];

/** Deaths by month, sex and age, in the shape of Eurostat's monthly datasets: periods `2024-01`, whole numbers. */
export function monthlyDeaths(): SampleDocument {
  const random = createRandom(7);
  const months = YEARS.flatMap((year) =>
    season.map((factor, month) => ({ time: `${year}-${String(month + 1).padStart(2, "0")}`, year, factor })),
  );
  const cells = new Map<string, SampleCell>();
  for (const { geo, adults, deaths } of countries) {
    for (const { time, year, factor } of months) {
      const all = adults * deaths * factor * around(random, 0.04) * (year === 2022 ? 1.06 : 1);
      const flags = year === 2024 ? (geo === "RO" ? "ep" : "p") : geo === "IE" ? "e" : "";
      const total = { Y_LT65: 0, Y_GE65: 0 };
      for (const [sex, share, young] of [
        ["M", 0.505, 0.2],
        ["F", 0.495, 0.11],
      ] as const) {
        const both = Math.round(all * share * around(random, 0.01));
        const under = Math.round(both * young * around(random, 0.05));
        const counts = { Y_LT65: under, Y_GE65: both - under };
        total.Y_LT65 += counts.Y_LT65;
        total.Y_GE65 += counts.Y_GE65;
        put(sex, counts);
      }
      put("T", total);
      function put(sex: string, { Y_LT65, Y_GE65 }: typeof total): void {
        for (const [age, count] of Object.entries({ TOTAL: Y_LT65 + Y_GE65, Y_LT65, Y_GE65 })) {
          cells.set(`M NR ${sex} ${age} ${geo} ${time}`, {
            number: String(count),
            ...(flags !== "" && { status: flags }),
          });
        }
      }
    }
  }
  return {
    code: "hlth_synth_m",
    label: "Deaths by month, sex and age",
    updated: "2025-03-14T11:00:00+0100",
    dimensions: [
      { id: "freq", label: "Time frequency", categories: [["M", "Monthly"]] },
      { id: "unit", label: "Unit of measure", categories: [["NR", "Number"]] },
      {
        id: "sex",
        label: "Sex",
        categories: [
          ["T", "Total"],
          ["M", "Males"],
          ["F", "Females"],
        ],
      },
      {
        id: "age",
        label: "Age class",
        categories: [
          ["TOTAL", "Total"],
          ["Y_LT65", "Less than 65 years"],
          ["Y_GE65", "65 years or over"],
        ],
      },
      {
        id: "geo",
        label: "Geopolitical entity (reporting)",
        categories: countries.map(({ geo, label }): [string, string] => [geo, label]),
      },
      { id: "time", label: "Time", categories: months.map(({ time }): [string, string] => [time, time]) },
    ],
    cells,
  };
}
