import { UNREAD, readPeriod } from "./periods.ts";
import type { PeriodHint } from "./periods.ts";
import type { Category, Period } from "./types.ts";

/** What is known of a dimension when the one that is time is looked for. */
export type TimeCandidate = {
  readonly id: string;
  readonly label: string | null;
  readonly hasTimeRole: boolean;
  readonly categories: readonly Category[];
};

/** What dimensions of time are called, best first; ids and labels are compared in lower case without their separators. */
const NAMES = [
  /^(?:time|timeperiod|tid|zeit|temps|tiempo|tempo|aika|laikas|laiks|aeg|perioden|period|perioder|periods|date)$/,
  /^tlist\([asqhmwdt]\d*\)$/,
  /^(?:timedimension|refperiod|referenceperiod|obstime|yearmonth|yearquarter|yearandmonth|yearandquarter)$/,
  /^(?:month|months|måned|månad|manad|maned|kuukausi|monat|mois|mes|mese|maand|maanden|mánuður)$/,
  /^(?:quarter|quarters|kvartal|neljännes|vuosineljännes|quartal|trimestre|kwartaal|kwartalen)$/,
  /^(?:week|weeks|uge|uke|vecka|viikko|woche|semaine|semana|settimana)$/,
  /^(?:year|years|år|aar|vuosi|jahr|année|annee|año|ano|anno|jaar|jaren|ár|aasta|gads|metai|rok)$/,
];

/** The index of the dimension that is time: by role, then by name, then by the form of its codes; null when there is none. */
export function findTimeDimension(candidates: readonly TimeCandidate[]): number | null {
  const byRole = candidates.flatMap((candidate, i) => (candidate.hasTimeRole ? [i] : []));
  if (byRole.length > 0) {
    // Several dimensions may share a role: the one with the most periods that can be read is meant.
    const readable = byRole.map((i) => readableShare(candidates[i]!));
    return byRole[readable.indexOf(Math.max(...readable))]!;
  }
  for (const field of ["id", "label"] as const) {
    for (const name of NAMES) {
      const found = candidates.findIndex((candidate) => name.test(plain(candidate[field] ?? "")));
      if (found !== -1) return found;
    }
  }
  const byForm = candidates.findIndex(({ categories }) => isTimeByForm(categories));
  return byForm === -1 ? null : byForm;
}

/**
 * The period of each category of a time dimension: from its code, else from its label. Codes that only count (`0`, `1`,
 * `2`…, as PX files without codes have) say nothing, however much the 1,990th may look like a year.
 */
export function readPeriods(id: string, categories: readonly Category[]): readonly Period[] {
  const hint = hintOf(id);
  const counts =
    categories.every(({ code }, i) => code === String(i)) ||
    categories.every(({ code }, i) => code === String(i + 1));
  return categories.map(({ code, label }) => {
    const fromCode = readPeriod(code, hint);
    if (!counts && fromCode.frequency !== null) return fromCode;
    const fromLabel = label === null ? UNREAD : readPeriod(label, hint);
    return fromLabel.frequency === null ? fromCode : fromLabel;
  });
}

const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_.-]+/g, "");

function readableShare({ id, categories }: TimeCandidate): number {
  const periods = readPeriods(id, categories);
  return periods.length === 0 ? 0 : periods.filter(({ start }) => start !== null).length / periods.length;
}

/** `TLIST(M1)` of the Irish CSO names the frequency; its H is a half year. */
function hintOf(id: string): PeriodHint | undefined {
  const letter = /^tlist\(([asqhmwdt])\d*\)$/i.exec(id.trim())?.[1]?.toUpperCase();
  return letter === undefined ? undefined : ((letter === "H" ? "S" : letter) as PeriodHint);
}

/** Strict, because a product code may look like a year: all codes, or all labels, are periods, and bare numbers are years. */
function isTimeByForm(categories: readonly Category[]): boolean {
  const arePeriods = (texts: readonly (string | null)[]): boolean =>
    texts.every(
      (text) =>
        text !== null &&
        readPeriod(text).start !== null &&
        (!/^\d+$/.test(text) || /^(?:1[89]|20|21)\d\d$/.test(text)),
    );
  if (categories.length === 0) return false;
  if (arePeriods(categories.map(({ label }) => label))) return true;
  const labelsAgree = categories.every(({ code, label }) => label === null || label.includes(code));
  return labelsAgree && arePeriods(categories.map(({ code }) => code));
}
