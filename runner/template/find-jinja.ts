import type { Findings } from "./findings.ts";

const ways: Record<string, string> = {
  if: "write {{#if x}}…{{else}}…{{/if}}",
  elif: "put another {{#if x}}…{{/if}} after {{else}}",
  else: "write {{else}}",
  for: "write {{#each list as item}}…{{/each}}; first, last and index are known inside",
  set: "give the value to a macro as an argument, or set it under vars in sql_project.yaml",
  macro: "in a file below macros/, write {{! macro name(argument, other=1) }} and the text of the macro",
  test: "in a file below macros/, write {{! macro test_name(model, column_name) }} and the query",
  docs: "doc blocks belong into .md files",
  do: "write {{ name(…) }}",
  call: "give the text to a macro as an argument",
  raw: "{{ '{{' }} prints braces",
  snapshot: "snapshots are entries under snapshots: of a property file in snapshots/",
  materialization: "what a model becomes is said by config(materialized=…)",
};

/** Jinja statements and comments in plain text; what only closes one is left out, its beginning is told already. */
export function findJinja(text: string, start: number, end: number, findings: Findings): void {
  let lastEnd: number | undefined;
  for (let at = text.indexOf("{", start); at !== -1 && at < end; at = text.indexOf("{", at + 1)) {
    const next = text.charCodeAt(at + 1);
    if (next === 37) {
      const word = /^\{%[-+]?\s*(\w*)/.exec(text.slice(at, at + 80))?.[1] ?? "";
      if (word === "" || word.startsWith("end")) continue;
      const hint = ways[word] ?? "templates here are mustache: {{ call(…) }} and {{#section}}…{{/section}}";
      const message = `"{% ${word}" is Jinja`;
      findings.add(at, "TEMPLATE_JINJA", message, hint);
    } else if (next === 35 && at < (lastEnd ??= text.lastIndexOf("#}"))) {
      findings.add(at, "TEMPLATE_JINJA", '"{#" is a Jinja comment', "write {{! … }}");
    }
  }
}
