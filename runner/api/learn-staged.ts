import { readStaged } from "../execute/warehouse-state.ts";
import type { OpenProject } from "./open-project.ts";
import { withSession } from "./with-session.ts";

/** Looks which landed datasets are staged in the warehouse, where sources are read from there. */
export async function learnStaged({ sources, project, dialect, effects }: OpenProject): Promise<void> {
  if (!sources.know) return;
  const { target, stagingSchema } = project;
  sources.know(
    await withSession(target, effects.signal, (session) => readStaged(session, dialect, stagingSchema)),
  );
}
