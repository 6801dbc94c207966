import { md5 } from "../base/hash.ts";
import type { JsonObject } from "../base/json.ts";
import { printableLines } from "../base/text.ts";
import type { NodeResult } from "../execute/results.ts";
import type { Graph } from "../graph/types.ts";
import { pathInCheckout, reportedNodes } from "./reported.ts";
import type { Reported } from "./reported.ts";

/** Where the project lies, and the checkout that it is a part of, where the CI system says. */
export type Checkout = { readonly root: string; readonly checkout: string | undefined };

/** What went wrong, as commands that GitHub Actions reads from the log and shows at the line of the file. */
export const githubAnnotations = (
  graph: Graph,
  results: readonly NodeResult[],
  { root, checkout }: Checkout,
): string[] =>
  troubles(graph, results).map(({ node, kind, lines }) => {
    const { file, line, column } = node.place;
    const at = {
      file: pathInCheckout(checkout, root, file),
      line: String(line),
      col: String(column),
      title: node.name,
    };
    const properties = Object.entries(at).map(([key, value]) => `${key}=${property(value)}`);
    const level = kind === "warning" ? "warning" : "error";
    return `::${level} ${properties.join(",")}::${data(printableLines(lines.join("\n")))}`;
  });

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions: what would end a value or the line. */
const data = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

/** What went wrong, as GitLab's code quality report, which it shows in the changes of a merge request. */
export const codeQuality = (
  graph: Graph,
  results: readonly NodeResult[],
  { root, checkout }: Checkout,
): JsonObject[] =>
  troubles(graph, results).map(({ node, kind, lines }) => ({
    type: "issue",
    check_name: node.resourceType === "test" ? (node.generic?.name ?? node.name) : node.resourceType,
    description: printableLines(`${node.name}: ${lines.join("\n")}`),
    // The same trouble has the same fingerprint in the next pipeline.
    fingerprint: md5(node.uniqueId),
    severity: kind === "warning" ? "minor" : kind === "failure" ? "major" : "critical",
    location: {
      path: pathInCheckout(checkout, root, node.place.file),
      lines: { begin: node.place.line },
    },
  }));

/** What was skipped is no trouble of its own. */
const troubles = (graph: Graph, results: readonly NodeResult[]): Reported[] =>
  reportedNodes(graph, results).filter(({ kind }) => kind !== "passed" && kind !== "skipped");
