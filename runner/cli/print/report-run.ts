import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import type { OpenProject } from "../../api/open-project.ts";
import { codeQuality, githubAnnotations } from "../../artifacts/ci-reports.ts";
import type { Effects } from "../../base/effects.ts";
import { writeFileAtomic } from "../../base/files.ts";
import { writeNamedFile } from "../../base/named-file.ts";
import type { RunResults } from "../../execute/results.ts";

/**
 * Tells other programs what became of a run: a JUnit file where one is asked for; under GitHub Actions annotations in the log; under
 * GitLab CI `gl-code-quality.json` in the target folder.
 */
export async function reportRun(
  open: OpenProject,
  run: RunResults,
  effects: Effects,
  junitFile: string | undefined,
): Promise<void> {
  const { graph } = open.parsed;
  if (junitFile !== undefined) {
    const { junit } = await import("../../artifacts/junit.ts");
    writeNamedFile(resolve(effects.cwd, junitFile), junit(graph, run));
  }
  const { root } = open.project;
  if (effects.env["GITHUB_ACTIONS"] === "true") {
    const at = { root, checkout: effects.env["GITHUB_WORKSPACE"] };
    // Standard output may be a document.
    for (const line of githubAnnotations(graph, run.results, at)) effects.stderr.write(`${line}\n`);
  }
  if (effects.env["GITLAB_CI"] === "true") {
    const issues = codeQuality(graph, run.results, { root, checkout: effects.env["CI_PROJECT_DIR"] });
    writeFileAtomic(join(open.targetFolder, "gl-code-quality.json"), `${JSON.stringify(issues, null, 2)}\n`);
  }
}

/**
 * GitHub Actions obeys what looks like a command in the log, and a log holds data. Until the function that is returned is called, it
 * obeys nothing.
 */
export function guardLog(effects: Effects): () => void {
  if (effects.env["GITHUB_ACTIONS"] !== "true") return () => undefined;
  const token = randomUUID();
  effects.stderr.write(`::stop-commands::${token}\n`);
  return () => effects.stderr.write(`::${token}::\n`);
}
