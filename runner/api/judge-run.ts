import { plural } from "../base/text.ts";
import { fallenFinding, slowFinding } from "../observe/alerts/findings.ts";
import type { Finding, Judgement } from "../observe/alerts/judgement.ts";
import { nameOfId, nodeOrUnitTest } from "../graph/node-by-id.ts";
import type { FreshnessResult, NodeResult } from "../execute/results.ts";
import { ownerOf } from "../graph/owner-of.ts";
import type { Graph, GraphNode, UnitTestNode } from "../graph/types.ts";
import type { AlertsConfig } from "../project/alerts-schema.ts";
import { nameWithVersion } from "../graph/versions.ts";

/** What a node usually takes and gives: medians. */
export type Usual = { readonly seconds: number; readonly runs: number; readonly rows: number | null };

/** What the rules say of the results of a run, well or not. What was skipped or reused is not judged. */
export function judgeRun(
  results: readonly NodeResult[],
  graph: Graph,
  { rules }: AlertsConfig,
  usualOf: (uniqueId: string) => Usual | undefined,
): Judgement[] {
  return results.flatMap((result): Judgement[] => {
    const node = nodeOrUnitTest(graph, result.uniqueId);
    if (node === undefined || result.status === "skipped" || result.status === "reused") return [];
    return judge(node, result, rules, usualOf).map((judgement) => ({
      ...judgement,
      finding: judgement.finding && owned(judgement.finding, ownerOf(node, graph)),
    }));
  });
}

/** Whoever is told knows whom to ask. */
const owned = (finding: Finding, owner: string | null): Finding =>
  owner === null ? finding : { ...finding, details: `${finding.details}\nowner: ${owner}` };

function judge(
  node: GraphNode | UnitTestNode,
  result: NodeResult,
  rules: AlertsConfig["rules"],
  usualOf: (uniqueId: string) => Usual | undefined,
): Judgement[] {
  const warnsToo = typeof rules.test_failure === "object" && rules.test_failure.severity === "warn";
  const subject = result.uniqueId;
  // Asking for a place costs a reading of its file: only what is told of asks.
  const placeOf = (): string => `${node.place.file}:${node.place.line}`;
  if (node.resourceType === "test" || node.resourceType === "unit_test") {
    const finding = testFinding(result, nameWithVersion(node), placeOf);
    const isMeant = finding !== null && (finding.severity === "error" || warnsToo);
    return [{ rule: "test_failure", subject, finding: isMeant ? finding : null }];
  }
  const name = `${node.resourceType} "${nameWithVersion(node)}"`;
  const built = result.status === "success";
  const failure = (): Finding => ({
    severity: "error",
    title: `${name} could not be built`,
    details: result.message ?? placeOf(),
  });
  const found: Judgement[] = [{ rule: "failed_run", subject, finding: built ? null : failure() }];
  const usual = usualOf(subject);
  if (!built || usual === undefined) return found;
  found.push({
    rule: "slower_than_usual",
    subject,
    finding: slowFinding(name, result.executionTime, usual, rules),
  });
  // Other kinds tell the rows that they added.
  if (node.resourceType === "model" && node.config.materialized === "table")
    found.push({
      rule: "rows_fallen",
      subject,
      finding: fallenFinding(name, result.rows, usual.rows, rules),
    });
  return found;
}

function testFinding(
  { status, message, failures }: NodeResult,
  name: string,
  placeOf: () => string,
): Finding | null {
  if (status === "pass") return null;
  const severity = status === "warn" ? "warn" : "error";
  const what = status === "error" ? "could not run" : `found ${plural(failures ?? 0, "row")}`;
  return {
    severity,
    title: `test "${name}" ${what}`,
    details: `${placeOf()}${message ? `\n${message}` : ""}`,
  };
}

/** `rules.stale_source`. */
export function judgeFreshness(
  results: readonly FreshnessResult[],
  graph: Graph,
  { rules }: AlertsConfig,
): Judgement[] {
  const onlyErrors = typeof rules.stale_source === "object" && rules.stale_source.severity === "error";
  return results.map((result): Judgement => {
    const source = graph.sources.get(result.uniqueId);
    const kind = source ? "source" : "model";
    const name = source ? `${source.sourceName}.${source.name}` : nameOfId(graph, result.uniqueId);
    const isWell = result.status === "pass" || (result.status === "warn" && onlyErrors);
    const days = result.ageSeconds === null ? null : result.ageSeconds / 86_400;
    const details = result.message ?? `loaded ${result.maxLoadedAt ?? "never"}`;
    const title =
      days === null
        ? `${kind} "${name}" has no known age`
        : `${kind} "${name}" is ${plural(Math.floor(days), "day")} old`;
    const severity = result.status === "warn" ? "warn" : "error";
    return {
      rule: "stale_source",
      subject: result.uniqueId,
      finding: isWell ? null : { severity, title, details },
    };
  });
}
