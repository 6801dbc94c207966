import { openAdapter } from "../../adapters/open.ts";
import { dialectOf } from "../../dialects/dialect-of.ts";
import { readProjectFile } from "../../project/read-project-file.ts";
import type { ProjectFileOptions } from "../../project/read-project-file.ts";
import { hashOfServer, readServer } from "./server-facts.ts";
import type { ServerScope } from "./server-facts.ts";

/** What the server of a project's target says now, as `hashOfServer`. Throws what it says instead. */
export async function askServer(
  root: string,
  options: ProjectFileOptions,
  scope: ServerScope,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { target } = await readProjectFile(root, options);
  const adapter = await openAdapter(target, undefined, signal);
  try {
    return hashOfServer(await readServer(adapter, dialectOf(target.type), scope));
  } finally {
    await adapter.close();
  }
}
