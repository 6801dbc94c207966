import { StatloomError } from "../base/errors.ts";
import type { Effects } from "../base/effects.ts";
import { findProject } from "../project/find-project.ts";
import type { RunResults } from "../execute/results.ts";
import { buildNodes } from "./build-nodes.ts";
import type { BuildOptions } from "./build-options.ts";
import { openProject } from "./open-project.ts";
import type { OpenOptions, OpenProject } from "./open-project.ts";
import { selectNodes } from "./select-nodes.ts";
import { touchedNodes } from "./touched-nodes.ts";
import type { Touched } from "./touched-nodes.ts";
import { watchFiles } from "./watch-files.ts";

export type WatchOptions = Omit<BuildOptions, "ids" | "onEvent" | "signal"> & {
  /** What saved files touch, without what is below it. */
  readonly only: boolean;
  readonly signal: AbortSignal;
  readonly tell: {
    /** Files were saved, and this is what they touch; gives who is told of the build. */
    changed(open: OpenProject, files: ReadonlySet<string>, touched: Touched): BuildOptions["onEvent"];
    built(run: RunResults): void;
    /** The project cannot be read, or a build came to nothing; the next save is waited for. */
    failed(error: StatloomError): void;
    /** Everything that is saved from now on is seen. */
    ready(open: OpenProject | null): void;
  };
};

/**
 * Builds what saved files touch until the signal is aborted. While the project has mistakes they are told and nothing is built; what
 * was saved meanwhile is built with what mends them. The warehouse is open only while something is built. Alerts are for runs that
 * nobody looks at: none are sent.
 */
export async function watchProject(
  open: OpenOptions,
  effects: Effects,
  options: WatchOptions,
): Promise<void> {
  const { signal, tell } = options;
  const read = async (): Promise<OpenProject | null> => {
    try {
      const found = await openProject(open, effects);
      return { ...found, project: { ...found.project, alerts: { ...found.project.alerts, channels: [] } } };
    } catch (error) {
      if (!(error instanceof StatloomError)) throw error;
      tell.failed(error);
      return null;
    }
  };
  const watch = await watchFiles(findProject(effects.cwd, open.projectDir), signal);
  let before = await read();
  tell.ready(before);
  const saved = new Set<string>();
  for (;;) {
    const files = await watch.next();
    if (files === null) return;
    for (const path of files) saved.add(path);
    const now = await read();
    if (now === null) continue;
    await buildTouched(before, now, new Set(saved), options);
    before = now;
    saved.clear();
  }
}

/** Without a sound project before, nothing is known of what macros and variables changed: saved models alone are built. */
async function buildTouched(
  before: OpenProject | null,
  now: OpenProject,
  saved: ReadonlySet<string>,
  { only, tell, ...options }: WatchOptions,
): Promise<void> {
  const { nodes } = selectNodes(now, {
    select: options.select,
    exclude: options.exclude,
    selector: options.selector,
  });
  const wanted = new Set(nodes.map(({ uniqueId }) => uniqueId));
  const found = touchedNodes(before ?? now, now, saved, !only);
  const touched = { ...found, ids: new Set([...found.ids].filter((id) => wanted.has(id))) };
  const onEvent = tell.changed(now, saved, touched);
  if (touched.ids.size === 0) return;
  try {
    tell.built(await buildNodes(now, { ...options, ids: touched.ids, onEvent }));
  } catch (error) {
    if (!(error instanceof StatloomError)) throw error;
    tell.failed(error);
  }
}
