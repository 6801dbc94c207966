import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSite } from "../../scripts/build-site.mjs";

/** The pages' scripts and styles, bundled from the sources as they are now. */
export async function builtPages(): Promise<{ folder: string; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), "statloom-pages-"));
  await buildSite(folder);
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}
