import { resolve } from "node:path";
import { stateView } from "../artifacts/state/state-view.ts";
import type { Graph } from "../graph/types.ts";
import { createUnrendered } from "../graph/unrendered.ts";
import type { Project } from "../project/types.ts";

export type OpenState = ReturnType<typeof stateView> & { readonly folder: string; readonly named: string };

/** Where what is not there, and is not built now, is read instead. */
export type DeferOptions = {
  /** Also what is there is read from the state, unless it is selected. */
  readonly favorState: boolean;
  /** Folder of the state, relative to the working folder; else that of `--state`. */
  readonly state?: string | undefined;
  /** The target whose warehouse the state stands for, where it is another than the one that is built in. */
  readonly target?: string | undefined;
};

type Facts = {
  readonly project: Project;
  readonly graph: Graph;
  readonly targetFolder: string;
  /** ISO 8601. */
  readonly startedAt: string;
};

/** An earlier run's artifacts, read when they are first asked for. `named` is relative to `cwd`. */
export function openState(
  named: string,
  cwd: string,
  { project, graph, targetFolder, startedAt }: Facts,
): () => OpenState {
  let known: OpenState | undefined;
  return () => {
    if (known) return known;
    const folder = resolve(cwd, named);
    const view = stateView(folder, named, {
      graph,
      unrendered: createUnrendered(project, graph),
      targetFolder,
      now: Date.parse(startedAt),
    });
    return (known = Object.assign(view, { folder, named }));
  };
}
