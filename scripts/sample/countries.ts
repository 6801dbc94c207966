/**
 * A dozen countries in Eurostat's order of protocol. `adults` in millions, roughly; all rates are invented, in the range
 * that surveys find: `unmet` per cent of adults, split by reason; `deaths` a month per million.
 */
export const countries = [
  { geo: "DE", label: "Germany", adults: 70, unmet: 0.4, reasons: [0.3, 0.1, 0.6], other: 0.7, deaths: 1050 },
  {
    geo: "EE",
    label: "Estonia",
    adults: 1.1,
    unmet: 9.6,
    reasons: [0.12, 0.04, 0.84],
    other: 1.9,
    deaths: 1010,
  },
  {
    geo: "IE",
    label: "Ireland",
    adults: 4.1,
    unmet: 2.6,
    reasons: [0.4, 0.03, 0.57],
    other: 0.6,
    deaths: 590,
  },
  {
    geo: "EL",
    label: "Greece",
    adults: 9,
    unmet: 7.8,
    reasons: [0.78, 0.05, 0.17],
    other: 1.2,
    deaths: 1070,
  },
  { geo: "ES", label: "Spain", adults: 40, unmet: 1.3, reasons: [0.2, 0.03, 0.77], other: 0.5, deaths: 780 },
  { geo: "FR", label: "France", adults: 55, unmet: 2.9, reasons: [0.5, 0.08, 0.42], other: 1.6, deaths: 800 },
  { geo: "IT", label: "Italy", adults: 51, unmet: 2.2, reasons: [0.62, 0.03, 0.35], other: 0.5, deaths: 970 },
  {
    geo: "LU",
    label: "Luxembourg",
    adults: 0.5,
    unmet: 0.8,
    reasons: [0.45, 0.05, 0.5],
    other: 0.7,
    deaths: 560,
  },
  {
    geo: "MT",
    label: "Malta",
    adults: 0.45,
    unmet: 0.5,
    reasons: [0.6, 0.02, 0.38],
    other: 0.4,
    deaths: 640,
  },
  {
    geo: "PL",
    label: "Poland",
    adults: 31,
    unmet: 3.4,
    reasons: [0.24, 0.07, 0.69],
    other: 2.4,
    deaths: 940,
  },
  {
    geo: "RO",
    label: "Romania",
    adults: 16,
    unmet: 4.9,
    reasons: [0.72, 0.14, 0.14],
    other: 2.1,
    deaths: 1120,
  },
  {
    geo: "FI",
    label: "Finland",
    adults: 4.6,
    unmet: 5.2,
    reasons: [0.06, 0.02, 0.92],
    other: 0.8,
    deaths: 850,
  },
] as const;

export type Country = (typeof countries)[number];
export const UNION = "EU27_2020";
