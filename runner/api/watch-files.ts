import { watch } from "chokidar";
import { posixRelative } from "../base/files.ts";
import { ENDINGS, FOLDERS, isBesideTests } from "../project/find-files.ts";
import { PROJECT_FILES } from "../project/find-project.ts";

/** Long enough for an editor that writes several files, or one in several steps; too short for a person to wait for. */
const QUIET_MS = 120;

export type FileWatch = {
  /** The paths that changed, relative to the project, once nothing changes any more; null when the watch has ended. */
  next(): Promise<ReadonlySet<string> | null>;
};

/** Watches what a project is made of, folders that are yet to be made too. Ends when the signal is aborted. */
export async function watchFiles(root: string, signal: AbortSignal): Promise<FileWatch> {
  const folders = Object.values(FOLDERS);
  const files = [...PROJECT_FILES, "selectors.yml", ".env"];
  const isOurs = (path: string): boolean =>
    path === "" ||
    files.includes(path) ||
    isBesideTests(path) ||
    folders.some(
      (folder) => path === folder || path.startsWith(`${folder}/`) || folder.startsWith(`${path}/`),
    );
  let changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let wake = (): void => undefined;
  const watcher = watch(root, {
    ignoreInitial: true,
    // Editors put a new file in the place of the old one, which is gone for a moment.
    atomic: true,
    ignored: (path, stats) => {
      const inside = path === root ? "" : posixRelative(root, path);
      const isOther = stats?.isFile() === true && !ENDINGS.some((ending) => inside.endsWith(ending));
      return (
        !isOurs(inside) ||
        (isOther && !files.includes(inside)) ||
        /(?:^|\/)(?:\.#|#|\.[^/]*\.sw[a-z]$)|~$/.test(inside)
      );
    },
  });
  watcher.on("all", (event, path) => {
    if (event === "addDir" || event === "unlinkDir") return;
    changed.add(posixRelative(root, path));
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      wake();
    }, QUIET_MS);
  });
  signal.addEventListener("abort", () => wake(), { once: true });
  await new Promise<void>((resolve, reject) => {
    watcher.once("ready", resolve);
    watcher.once("error", reject);
  });
  return {
    async next() {
      // While the timer runs, more may come.
      while (!signal.aborted && (changed.size === 0 || timer !== undefined)) {
        await new Promise<void>((resolve) => (wake = resolve));
      }
      if (signal.aborted) {
        clearTimeout(timer);
        await watcher.close();
        return null;
      }
      const paths = changed;
      changed = new Set();
      return paths;
    },
  };
}
