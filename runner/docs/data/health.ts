import { kindOf } from "./kinds.ts";
import type { SiteModel } from "./site-model.ts";
import type { Health } from "./home-types.ts";
import type { Status } from "./types.ts";

/** How the project is, in words that need no knowledge of it. */
export function healthOf(model: SiteModel): Health {
  const bad = { nodes: 0, tests: 0, stale: 0 };
  let [warnings, skipped, looked] = [0, 0, 0];
  for (const node of [...model.nodes, ...model.tests.values()]) {
    const { status } = model.outcomeOf(node.unique_id);
    if (status === "none") continue;
    looked++;
    if (status === "warn") warnings++;
    if (status === "skipped") skipped++;
    if (status !== "bad") continue;
    const kind = kindOf(node);
    if (kind === "source") bad.stale++;
    else if (kind === "test") bad.tests++;
    else bad.nodes++;
  }
  if (looked === 0)
    return {
      status: "none",
      sentence: "Nothing has been built yet.",
      points: ["Run “models build” to see how the project is."],
    };
  const ends = model.nodes.filter((node) => kindOf(node) === "mart");
  const fine = ends.filter(({ unique_id: id }) => isUsable(model.statusOf(id))).length;
  const status: Status =
    bad.nodes + bad.tests + bad.stale > 0 ? "bad" : warnings + skipped > 0 ? "warn" : "good";
  return {
    status,
    sentence: sentenceOf(status, ends.length, fine),
    points: [...pointsOf(bad, warnings, skipped), testsLine(model)],
  };
}

const isUsable = (status: Status): boolean => status === "good" || status === "warn";

function sentenceOf(status: Status, ends: number, fine: number): string {
  if (status === "good") return "Everything is up to date, and every check passed.";
  if (status === "warn") return "The tables can be used; some things deserve a look.";
  if (ends === 0) return "Something is wrong.";
  if (fine === ends) return "The published tables are fine, but something behind them is wrong.";
  return fine === 0
    ? "No published table can be relied on at the moment."
    : `${fine} of ${ends} published tables can be relied on; something is wrong with the others.`;
}

function pointsOf(
  bad: { nodes: number; tests: number; stale: number },
  warnings: number,
  skipped: number,
): string[] {
  return [
    bad.nodes > 0 && `${many(bad.nodes, "table")} could not be built`,
    bad.tests > 0 && `${many(bad.tests, "check")} failed`,
    bad.stale > 0 && `${many(bad.stale, "source")} ${bad.stale === 1 ? "is" : "are"} older than allowed`,
    skipped > 0 &&
      `${many(skipped, "step")} ${skipped === 1 ? "was" : "were"} left out, because of what failed before`,
    warnings > 0 && many(warnings, "warning"),
  ].filter((point) => point !== false);
}

function testsLine(model: SiteModel): string {
  const statuses = Array.from(model.tests.keys(), (id) => model.outcomeOf(id).status).filter(
    (status) => status !== "none",
  );
  const passed = statuses.filter((status) => status === "good").length;
  return statuses.length === 0
    ? "No checks were run"
    : `${passed} of ${many(statuses.length, "check")} passed`;
}

const many = (count: number, word: string): string =>
  `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
