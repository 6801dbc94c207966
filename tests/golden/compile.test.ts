import { compilerOf } from "../support/compiler-of.ts";
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ProjectError } from "../../runner/base/errors.ts";
import { dialectOf } from "../../runner/dialects/dialect-of.ts";
import { buildGraph } from "../../runner/graph/build-graph.ts";
import { readProject } from "../../runner/project/read-project.ts";

/**
 * A folder is a project, and `compiled.sql` in it what its models and tests become. Where it is missing it is written, to be read by a
 * person and committed; where it differs, what was made stands beside it as `compiled.changed.sql`.
 */
const folder = join(import.meta.dirname, "compile");

async function compile(root: string): Promise<string> {
  const project = await readProject(root, { env: {} });
  const parsed = await buildGraph(project, {});
  const compiler = compilerOf(project, parsed, dialectOf(project.target.type));
  const parts = [...parsed.graph.nodes.values()]
    .filter(({ resourceType }) => resourceType !== "seed")
    .map(({ uniqueId, resourceType, name }) => {
      const title = `-- ${resourceType} ${JSON.stringify(name)}`;
      try {
        return `${title}\n${compiler.compile(uniqueId).compiledCode}\n`;
      } catch (error) {
        if (!(error instanceof ProjectError)) throw error;
        return `${title}\n-- error: ${error.message}\n`;
      }
    });
  return parts.join("\n").replaceAll(root, "<project>");
}

describe("projects compile to", () => {
  for (const name of readdirSync(folder)) {
    test(name, async () => {
      const root = join(folder, name);
      const wanted = join(root, "compiled.sql");
      const changed = join(root, "compiled.changed.sql");
      const got = await compile(root);
      if (!existsSync(wanted)) {
        assert.ok(!process.env["CI"], `${wanted} is missing`);
        writeFileSync(wanted, got);
        return;
      }
      if (readFileSync(wanted, "utf8") === got) {
        rmSync(changed, { force: true });
        return;
      }
      writeFileSync(changed, got);
      assert.equal(got, readFileSync(wanted, "utf8"), `${wanted} differs, see ${changed}`);
    });
  }
});
