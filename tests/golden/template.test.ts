import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";
import type { Json } from "../../runner/base/json.ts";
import { mistakes, render } from "../unit/runner/template/workbench.ts";
import type { Bench } from "../unit/runner/template/workbench.ts";

/**
 * A case is a template; what it renders to; a blank line ends it. Above it stand `# vars: {…}`, `# engine: …`,
 * `# incremental: true`, or `# error: line:column CODE, …` in the place of what it renders to.
 * `macros/` holds the macros that all cases know.
 */
const folder = new URL("template/", import.meta.url);
const macros = readFileSync(new URL("macros/all.sql", folder), "utf8");

for (const file of readdirSync(folder).filter((name) => name.endsWith(".sql"))) {
  describe(file, () => {
    for (const { line, meta, given, expected } of cases(readFileSync(new URL(file, folder), "utf8"))) {
      test(`line ${line}: ${given.split("\n")[0]}`, () => {
        const bench: Bench = {
          macros,
          vars: JSON.parse(meta["vars"] ?? "{}") as Record<string, Json>,
          engine: meta["engine"] ?? "duckdb",
          incremental: meta["incremental"] === "true",
        };
        if (meta["error"] !== undefined) {
          assert.equal(expected, undefined, "a case has an error or a result");
          assert.equal(mistakes(given, bench).join(", "), meta["error"]);
        } else assert.equal(render(given, bench).trim(), expected);
      });
    }
  });
}

type Case = { line: number; meta: Record<string, string>; given: string; expected: string | undefined };

function* cases(text: string): Generator<Case> {
  let line = 1;
  for (const block of text.split(/(\n{2,})/)) {
    if (block.trim() !== "") {
      const meta = Object.fromEntries([...block.matchAll(/^# (\w+): (.*)$/gm)].map((found) => [found[1]!, found[2]!]));
      const parts = block.replaceAll(/^# .*(?:\n|$)/gm, "").split(/;(?:\n|$)/);
      const [given = "", expected] = parts.map((part) => part.trim()).filter(Boolean);
      yield { line, meta, given, expected };
    }
    line += block.split("\n").length - 1;
  }
}
