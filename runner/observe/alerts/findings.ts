import { formatSeconds, plural } from "../../base/text.ts";
import type { AlertsConfig } from "../../project/alerts-schema.ts";
import type { Finding } from "./judgement.ts";

type Rules = AlertsConfig["rules"];

/** Fewer times than these have no usual. */
const FEWEST = 3;

/** What the rule is set to; a rule that is off finds what the usual settings find, and nobody is told. */
const SLOWER = { times: 3, seconds: 30, runs: 20 };

export const slowerRule = ({ slower_than_usual: rule }: Rules): typeof SLOWER =>
  typeof rule === "object" ? rule : SLOWER;

/** `rules.slower_than_usual`: `usual` is the median of the last `runs` times. */
export function slowFinding(
  name: string,
  seconds: number,
  usual: { readonly seconds: number; readonly runs: number },
  rules: Rules,
): Finding | null {
  const { times, seconds: more } = slowerRule(rules);
  if (usual.runs < FEWEST || seconds < usual.seconds * times || seconds < usual.seconds + more) return null;
  return {
    severity: "warn",
    title: `${name} took ${formatSeconds(seconds)}`,
    details: `usually it takes ${formatSeconds(usual.seconds)}, the median of ${plural(usual.runs, "run")}`,
  };
}

/** `rules.rows_fallen`: how many rows are gone against what there were `before`. */
export function fallenFinding(
  name: string,
  rows: number | null,
  before: number | null,
  { rows_fallen: rule }: Rules,
): Finding | null {
  const by = typeof rule === "object" ? rule.by : 0.25;
  if (rows === null || before === null || before === 0 || 1 - rows / before <= by) return null;
  return {
    severity: "warn",
    title: `${name} has ${Math.round((1 - rows / before) * 100)} % fewer rows`,
    details: `${plural(rows, "row")}, before there were ${before.toLocaleString("en-US")}`,
  };
}

/** `rules.rejected_share` */
export function rejectedFinding(
  name: string,
  { rows, rejected }: { readonly rows: number; readonly rejected: number },
  { rejected_share: rule }: Rules,
): Finding | null {
  const above = typeof rule === "object" ? rule.above : 0.001;
  const share = rejected / Math.max(1, rows + rejected);
  if (share <= above) return null;
  return {
    severity: "warn",
    title: `${(share * 100).toPrecision(2)} % of the cells of ${name} were rejected`,
    details: `${plural(rejected, "cell")}; rejected.ndjson of the edition tells why`,
  };
}
