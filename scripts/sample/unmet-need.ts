import { UNION, countries } from "./countries.ts";
import type { Country } from "./countries.ts";
import type { SampleCell, SampleDocument } from "./document-text.ts";
import { around, createRandom } from "./random.ts";
import type { Random } from "./random.ts";

/** Shaped like hlth_silc_13: unmet need for medical examination, per cent of people, by country, sex, age, reason and year. */
export type UnmetNeedEdition = {
  readonly updated: string;
  readonly lastYear: number;
  readonly revised: boolean;
};

const FIRST_YEAR = 2016;
/** Of the first year's level: a slow fall, a rise when care was put off, a slow way back. */
const trend = [1, 0.93, 0.87, 0.82, 0.9, 1.02, 0.99, 0.95, 0.9];
const sexes = [
  { sex: "M", weight: 0.49, factor: 0.93 },
  { sex: "F", weight: 0.51, factor: 1.07 },
] as const;
const ages = [
  { age: "Y16-44", weight: 0.44, factor: 0.78 },
  { age: "Y45-64", weight: 0.33, factor: 1.08 },
  { age: "Y_GE65", weight: 0.23, factor: 1.32 },
] as const;
const statuses = [
  { wstatus: "POP", factor: 1 },
  { wstatus: "EMP", factor: 0.85 },
  { wstatus: "UNE", factor: 1.9 },
  { wstatus: "RET", factor: 1.3 },
] as const;
const reasons = ["TOOEXP", "TOOFAR", "WAITING", "OTH"] as const;

/** What the second edition corrects: new weights in Poland, a late return from Romania, a wrong file from Ireland. */
const corrections: Readonly<Record<string, number>> = {
  "PL 2022": 1.09,
  "PL 2023": 1.11,
  "RO 2023": 0.88,
  "IE 2021": 1.3,
};

/** Per cent by reason; `TOOEFW` and `NO_UNMET` follow from the others. */
type Shares = Readonly<Record<(typeof reasons)[number], number>>;
type Slice = { readonly geo: string; readonly year: number; readonly sex: string; readonly age: string };
const keyOf = ({ geo, year, sex, age }: Slice): string => `${geo} ${year} ${sex} ${age}`;

export function unmetNeed(edition: UnmetNeedEdition): SampleDocument {
  const random = createRandom(20_250_404);
  const slices = new Map<string, Shares>();
  for (const country of countries) {
    // Every year is drawn, whether shown or not, so that both editions agree where nothing was revised.
    for (let year = FIRST_YEAR; year < FIRST_YEAR + trend.length; year++) {
      addCountry(slices, country, year, random, edition);
    }
  }
  for (let year = FIRST_YEAR; year <= edition.lastYear; year++) addUnion(slices, year);
  const years = Array.from({ length: edition.lastYear - FIRST_YEAR + 1 }, (_, i) => String(FIRST_YEAR + i));
  return {
    code: "hlth_silc_13",
    label:
      "Self-reported unmet needs for medical examination by sex, age, main reason declared and labour status",
    updated: edition.updated,
    dimensions: dimensions(years),
    cells: cellsOf(slices, years.map(Number), edition),
  };
}

function addCountry(
  slices: Map<string, Shares>,
  country: Country,
  year: number,
  random: Random,
  { revised }: UnmetNeedEdition,
): void {
  const { geo } = country;
  const level = country.unmet * trend[year - FIRST_YEAR]! * around(random, 0.07);
  const correction = revised ? (corrections[`${geo} ${year}`] ?? 1) : 1;
  const leaves = sexes.map(({ sex, weight, factor }) => ({
    sex,
    weight,
    ages: ages.map(({ age, weight: ageWeight, factor: ageFactor }) => {
      const share = level * factor * ageFactor * around(random, 0.05) * correction;
      const other = country.other * factor * around(random, 0.1);
      const [tooExpensive, tooFar, waiting] = country.reasons;
      const shares = {
        TOOEXP: share * tooExpensive,
        TOOFAR: share * tooFar,
        WAITING: share * waiting,
        OTH: other,
      };
      slices.set(keyOf({ geo, year, sex, age }), shares);
      return { weight: ageWeight, shares };
    }),
  }));
  for (const { sex, ages: parts } of leaves)
    slices.set(keyOf({ geo, year, sex, age: "Y_GE16" }), blend(parts));
  for (const age of [...ages.map((one) => one.age), "Y_GE16"]) {
    const parts = sexes.map(({ sex, weight }) => ({
      weight,
      shares: slices.get(keyOf({ geo, year, sex, age }))!,
    }));
    slices.set(keyOf({ geo, year, sex: "T", age }), blend(parts));
  }
}

/** The Union is the mean of the dozen, by adults. */
function addUnion(slices: Map<string, Shares>, year: number): void {
  for (const sex of ["T", "M", "F"]) {
    for (const age of [...ages.map((one) => one.age), "Y_GE16"]) {
      const parts = countries.map(({ geo, adults }) => ({
        weight: adults,
        shares: slices.get(keyOf({ geo, year, sex, age }))!,
      }));
      slices.set(keyOf({ geo: UNION, year, sex, age }), blend(parts));
    }
  }
}

function blend(parts: readonly { readonly weight: number; readonly shares: Shares }[]): Shares {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  const mean = (reason: keyof Shares): number =>
    parts.reduce((sum, { weight, shares }) => sum + weight * shares[reason], 0) / total;
  return { TOOEXP: mean("TOOEXP"), TOOFAR: mean("TOOFAR"), WAITING: mean("WAITING"), OTH: mean("OTH") };
}

function cellsOf(
  slices: ReadonlyMap<string, Shares>,
  years: readonly number[],
  edition: UnmetNeedEdition,
): Map<string, SampleCell> {
  const cells = new Map<string, SampleCell>();
  for (const { wstatus, factor } of statuses) {
    for (const geo of [UNION, ...countries.map((country) => country.geo)]) {
      for (const sex of ["T", "M", "F"]) {
        for (const age of [...ages.map((one) => one.age), "Y_GE16"]) {
          for (const year of years) {
            const shares = slices.get(keyOf({ geo, year, sex, age }))!;
            for (const [reason, share] of published(shares, factor)) {
              const cell = cellFor({ geo, year, sex, age }, wstatus, reason, share, edition);
              if (cell) cells.set(`A PC ${wstatus} ${age} ${sex} ${reason} ${geo} ${year}`, cell);
            }
          }
        }
      }
    }
  }
  return cells;
}

function published(shares: Shares, factor: number): [string, number][] {
  const need = shares.TOOEXP + shares.TOOFAR + shares.WAITING;
  return [
    ["TOOEXP", shares.TOOEXP * factor],
    ["TOOFAR", shares.TOOFAR * factor],
    ["TOOEFW", need * factor],
    ["NO_UNMET", 100 - (need + shares.OTH) * factor],
    ["WAITING", shares.WAITING * factor],
    ["OTH", shares.OTH * factor],
  ];
}

/** The cell as published, or undefined where it is not. Labour status is broken down for all ages together and two reasons only. */
function cellFor(
  { geo, year, sex, age }: Slice,
  wstatus: string,
  reason: string,
  share: number,
  { lastYear, revised }: UnmetNeedEdition,
): SampleCell | undefined {
  const isSmall = geo === "LU" || geo === "MT";
  if (wstatus !== "POP") {
    if (wstatus === "RET" && age === "Y16-44" && reason === "TOOEFW") return { status: "m" };
    if (age !== "Y_GE16" || (reason !== "TOOEFW" && reason !== "NO_UNMET")) return undefined;
    if (geo === "MT" && wstatus === "UNE" && sex !== "T") return { status: year === lastYear ? "p|C" : "|C" };
    // Withdrawn by the second edition.
    if (revised && geo === "LU" && wstatus === "UNE" && sex === "M" && year < 2019) return undefined;
  }
  if (isSmall && wstatus === "UNE" && reason === "TOOEFW" && share < 1) return { status: "n" };
  const number = share.toFixed(1);
  const isCoarse = isSmall && (wstatus !== "POP" || age === "Y_GE65");
  const status = flagsFor(geo, year, lastYear, revised) + (isCoarse ? "u" : "");
  return {
    // Both spellings of zero occur in one real document.
    number: number === "0.0" && year % 2 === 0 ? "0" : number,
    ...(status !== "" && { status }),
  };
}

/** Flags of a whole survey year, in alphabetical order as Eurostat writes them. */
function flagsFor(geo: string, year: number, lastYear: number, revised: boolean): string {
  const isLast = year === lastYear;
  if (geo === UNION) return isLast ? "ep" : "e";
  if (geo === "LU" && year === 2021) return "b";
  if (geo === "DE" && year === 2020) return "bd";
  if (geo === "FR" && year === 2020) return "b";
  if (geo === "IE" && year <= 2017) return "d";
  if (geo === "IT" && year === 2020) return "i";
  if (isLast && geo === "EL") return revised ? "p" : "f";
  return isLast && (geo === "PL" || geo === "RO" || geo === "MT") ? "p" : "";
}

const dimensions = (years: readonly string[]): SampleDocument["dimensions"] => [
  { id: "freq", label: "Time frequency", categories: [["A", "Annual"]] },
  {
    id: "unit",
    label: "Unit of measure",
    categories: [
      ["PC", "Percentage"],
      ["PC_POP", "Percentage of total population"],
    ],
  },
  {
    id: "wstatus",
    label: "Labour force and employment status",
    categories: [
      ["POP", "Population"],
      ["EMP", "Employed persons"],
      ["UNE", "Unemployed persons"],
      ["RET", "Retired persons"],
    ],
  },
  {
    id: "age",
    label: "Age class",
    categories: [
      ["Y16-44", "From 16 to 44 years"],
      ["Y_GE16", "16 years or over"],
      ["Y45-64", "From 45 to 64 years"],
      ["Y_GE65", "65 years or over"],
    ],
  },
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
    id: "reason",
    label: "Reason",
    categories: [
      ["TOOEXP", "Too expensive"],
      ["TOOFAR", "Too far to travel"],
      ["TOOEFW", "Too expensive or too far to travel or waiting list"],
      ["NO_UNMET", "No unmet needs to declare"],
      ["WAITING", "Waiting list"],
      ["OTH", "Other reason"],
    ],
  },
  {
    id: "geo",
    label: "Geopolitical entity (reporting)",
    categories: [
      [UNION, "European Union - 27 countries (from 2020)"],
      ...countries.map(({ geo, label }): [string, string] => [geo, label]),
    ],
  },
  { id: "time", label: "Time", categories: years.map((year): [string, string] => [year, year]) },
];
