import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { realIngestEffects } from "../../ingest/cli/effects.ts";
import { main as ingest } from "../../ingest/cli/main.ts";
import { realEffects } from "../../runner/base/effects.ts";
import { packageRoot } from "../../runner/base/package-root.ts";
import { main as models } from "../../runner/cli/main.ts";

/** A copy of the reference project in a folder of its own, with nothing landed and nothing built. */
export type ReferenceProject = {
  readonly folder: string;
  /** A command of `models` on the target of the sample, as it is typed; returns the exit code. */
  models(words: string): Promise<number>;
  /** Lands documents of the bundled sample by name. */
  land(...names: readonly string[]): Promise<void>;
};

export function copyReferenceProject(): ReferenceProject {
  const root = packageRoot();
  const folder = mkdtempSync(join(tmpdir(), "statloom-reference-"));
  for (const name of ["models", "macros", "seeds", "snapshots", "sql_project.yaml"])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  // Both listen to the streams of this process: once for all commands.
  const ofModels = realEffects();
  const ofIngest = realIngestEffects(new AbortController().signal);
  const stdout = { write: () => undefined, isTerminal: false, width: 100 };
  return {
    folder,
    models: (words) =>
      models([...words.split(" "), "--target", "sample"], { ...ofModels, cwd: folder, stdout }),
    async land(...names) {
      const paths = names.map((name) => join(root, "ingest/sample", name));
      const effects = { ...ofIngest, cwd: folder, stdout };
      const code = await ingest(["file", ...paths, "--target", "sample"], effects);
      if (code !== 0) throw new Error(`ingest ended with ${code}`);
    },
  };
}
