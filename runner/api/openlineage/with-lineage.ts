import { fateOf } from "../../base/warning-policy.ts";
import type { RunResults } from "../../execute/results.ts";
import type { RunEvent } from "../../execute/run-event.ts";
import type { BuildOptions } from "../build-options.ts";
import type { OpenProject } from "../open-project.ts";

/** Who is told of a run: of what happens, and before the first node of what is going to be built. */
export type Told = {
  readonly onEvent: (event: RunEvent) => void;
  readonly onBuilding?: (ids: ReadonlySet<string>) => void;
};

/**
 * Tells OpenLineage of what `body` does, where the project or the environment says whom. What cannot be told is a warning, and no error
 * even with `--warn-error`: a run does not fail for it.
 */
export async function withLineage(
  open: OpenProject,
  { command, signal, onEvent }: BuildOptions,
  body: (told: Told) => Promise<RunResults>,
): Promise<RunResults> {
  const { url = open.effects.env["OPENLINEAGE_URL"], file } = open.project.openLineage;
  if (!url && !file) return body({ onEvent });
  const { reportLineage } = await import("./report-lineage.ts");
  const report = reportLineage(open, command);
  if (report === null) return body({ onEvent });
  const end = async (outcome: Parameters<typeof report.end>[0]): Promise<void> => {
    for (const message of await report.end(outcome, signal?.aborted ?? false))
      if (fateOf("LINEAGE_NOT_SENT", open.warnings) !== "silence")
        onEvent({
          kind: "warning",
          code: "LINEAGE_NOT_SENT",
          message: `OpenLineage: ${message}`,
          uniqueId: null,
        });
  };
  let run;
  try {
    run = await body({
      onBuilding: report.onBuilding,
      onEvent(event) {
        report.onEvent(event);
        onEvent(event);
      },
    });
  } catch (error) {
    await end({ error });
    throw error;
  }
  await end(run);
  return run;
}
