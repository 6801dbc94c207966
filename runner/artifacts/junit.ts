import { XMLBuilder } from "fast-xml-parser";
import { groupBy } from "../base/group-by.ts";
import type { RunResults } from "../execute/results.ts";
import type { Graph } from "../graph/types.ts";
import { reportedNodes } from "./reported.ts";
import type { Reported } from "./reported.ts";

/**
 * A run in the XML that CI systems read as JUnit's: a suite a file, a case a node. A test that warns is a passed one that says so in its
 * output; a node that could not be built, and a test that could not be run, is an error. Nothing is said in a way that Jenkins' schema
 * does not know, so that the line is in the text: https://github.com/jenkinsci/xunit-plugin (junit-10.xsd)
 */
export function junit(graph: Graph, run: RunResults): string {
  const suites = groupBy(reportedNodes(graph, run.results), ({ node }) => node.originalFilePath);
  const all = [...suites.values()].flat();
  const document = {
    "?xml": { "@version": "1.0", "@encoding": "UTF-8" },
    testsuites: {
      ...counts(`models ${run.command}`, all),
      testsuite: [...suites].map(([file, cases]) => ({
        ...counts(file, cases),
        "@skipped": numberOf("skipped", cases),
        "@timestamp": run.startedAt.slice(0, 19),
        "@file": legal(cases[0]!.node.place.file),
        testcase: cases.map(testCase),
      })),
    },
  };
  const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: "@", format: true });
  return builder.build(document);
}

const numberOf = (kind: Reported["kind"], cases: readonly Reported[]): number =>
  cases.filter((reported) => reported.kind === kind).length;

function counts(name: string, cases: readonly Reported[]): object {
  const seconds = cases.reduce((sum, { result }) => sum + result.executionTime, 0);
  return {
    "@name": legal(name),
    "@tests": cases.length,
    "@failures": numberOf("failure", cases),
    "@errors": numberOf("error", cases),
    "@time": seconds.toFixed(3),
  };
}

function testCase({ node, result, kind, lines }: Reported): object {
  const [message = "", ...more] = lines.map(legal);
  const text = [message, `at ${legal(node.place.file)}:${node.place.line}`, ...more].join("\n");
  return {
    "@name": legal(node.name),
    "@classname": legal(node.fqn.slice(0, -1).join(".")),
    "@time": result.executionTime.toFixed(3),
    ...(kind === "failure" && { failure: { "@message": message, "@type": result.status, "#text": text } }),
    ...(kind === "error" && { error: { "@message": message, "@type": result.status, "#text": text } }),
    ...(kind === "skipped" && { skipped: { "@message": message } }),
    ...(kind === "warning" && { "system-out": `warning: ${text}` }),
  };
}

/** XML has no spelling at all for most control characters, nor for half a surrogate pair. */
const legal = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- control characters are what is being removed
  text.toWellFormed().replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "�");
