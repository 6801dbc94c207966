import { isDifferent } from "../../api/diff/diff-nodes.ts";
import type { NodeDiff } from "../../api/diff/diff-nodes.ts";
import { plural, printable } from "../../base/text.ts";

/** What differs of one node, a line a fact; `here` and `there` name the two sides. */
function facts({ status, schema, rows, data, why }: NodeDiff, here: string, there: string): string[] {
  if (status === "only here") return [`is not in ${there}`];
  if (status === "only there") return [`is not in ${here}`];
  if (status === "nowhere") return ["is built in neither"];
  const lines: string[] = [];
  if (rows && rows.here !== rows.there) {
    const more = rows.here - rows.there;
    lines.push(`${rows.here} rows, ${rows.there} in ${there} (${more > 0 ? "+" : ""}${more})`);
  }
  for (const { name, type } of schema.added) lines.push(`column ${name} (${type}) is not in ${there}`);
  for (const { name, type } of schema.removed) lines.push(`column ${name} (${type}) is only in ${there}`);
  for (const { name, from, to } of schema.retyped) lines.push(`column ${name} is ${to}, ${from} in ${there}`);
  if (data) {
    const { onlyHere, onlyThere, changed, changedRows, duplicates } = data;
    if (onlyHere.count > 0)
      lines.push(`${plural(onlyHere.count, "key")} not in ${there}: ${list(onlyHere.examples)}`);
    if (onlyThere.count > 0)
      lines.push(`${plural(onlyThere.count, "key")} only in ${there}: ${list(onlyThere.examples)}`);
    if (changedRows > 0) lines.push(`${plural(changedRows, "row")} with other values`);
    for (const { column, count, examples } of changed) {
      const shown = examples.map(
        (example) => `${cells(example.key)}: ${cell(example.here)}, was ${cell(example.there)}`,
      );
      lines.push(`column ${column}: ${plural(count, "value")} changed, such as ${shown.join("; ")}`);
    }
    if (duplicates > 0)
      lines.push(`the key is not one: ${plural(duplicates, "row")} of a key that is there already`);
  }
  if (why !== null) lines.push(why);
  return lines.map(printable);
}

const cell = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
const cells = (key: readonly unknown[]): string => key.map(cell).join(", ");
const list = (keys: readonly (readonly unknown[])[]): string =>
  keys.map((key) => `(${cells(key)})`).join(" ");

export function diffText(diffs: readonly NodeDiff[], here: string, there: string): string {
  if (diffs.length === 0) return "nothing is selected that could be compared";
  return diffs
    .map((one) => {
      const head = `${printable(one.name)}: ${one.status}${one.rows ? ` (${plural(one.rows.here, "row")})` : ""}`;
      return [head, ...facts(one, here, there).map((line) => `  - ${line}`)].join("\n");
    })
    .join("\n");
}

/** For a pull request: a table of all, then what differs. */
export function diffMarkdown(diffs: readonly NodeDiff[], here: string, there: string): string {
  const different = diffs.filter(isDifferent);
  const counted = diffs.filter(({ rows, data }) => rows !== null && data === null).length;
  const found = different.length === 0 ? "no difference" : `${different.length} of ${diffs.length} differ`;
  const lines = [
    `### ${here} against ${there}: ${found}${counted > 0 ? `; of ${counted}, rows were only counted` : ""}`,
  ];
  if (different.length === 0) return lines.join("\n");
  lines.push("", "| node | | rows | keys added | keys gone | rows changed |", "|---|---|--:|--:|--:|--:|");
  for (const { name, status, rows, data } of different) {
    const more =
      rows && rows.here !== rows.there
        ? ` (${rows.here > rows.there ? "+" : ""}${rows.here - rows.there})`
        : "";
    const counts = data ? [data.onlyHere.count, data.onlyThere.count, data.changedRows] : ["", "", ""];
    lines.push(`| ${[escape(name), status, rows ? `${rows.here}${more}` : "", ...counts].join(" | ")} |`);
  }
  for (const one of different) {
    lines.push("", `<details><summary>${escape(one.name)}</summary>`, "");
    lines.push(...facts(one, here, there).map((line) => `- ${escape(line)}`), "", "</details>");
  }
  return lines.join("\n");
}

/** Text of a warehouse in Markdown: no markup of its own. */
const escape = (text: string): string =>
  printable(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/[\\`*_{}[\]|~#]/g, "\\$&");
