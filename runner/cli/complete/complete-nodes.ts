import { readdirSync } from "node:fs";
import { join } from "node:path";
import { findProject } from "../../project/find-project.ts";

const TAKE_NODES: ReadonlySet<string> = new Set(["-s", "-m", "--select", "--exclude", "--models"]);
/** Commands whose positional is a node. */
const OF_NODES: ReadonlySet<string> = new Set(["explain", "diff", "lineage", "profile"]);
const METHODS =
  "tag: path: file: source: exposure: config. resource_type: test_name: test_type: package: group: access: version: state: result: source_status: unit_test: selector:".split(
    " ",
  );
/** What may stand behind a method, where that is a few words. */
const VALUES = [
  ..."private protected public".split(" ").map((word) => `access:${word}`),
  ..."latest prerelease old none".split(" ").map((word) => `version:${word}`),
];
const FOLDERS = ["models", "seeds", "snapshots"];
const FILES = /\.(?:sql|csv|json|parquet)$/;

/**
 * What may stand at the end of `words`, the command line so far: names of nodes and methods after `--select` and the like; undefined where
 * options and commands are due. Names are those of files: nothing is parsed, so that it takes no longer than a key press.
 */
export function completeNodes(words: readonly string[], cwd: string): string[] | undefined {
  const current = words.at(-1) ?? "";
  const option = words.slice(0, -1).findLast((word) => word.startsWith("-"));
  const isNode =
    option === undefined ? OF_NODES.has(words[0] ?? "") && words.length === 2 : TAKE_NODES.has(option);
  if (!isNode || current.startsWith("-")) return undefined;
  const [before, name = ""] = /^((?:.*,)?(?:@|\d*\+)?)(.*)$/.exec(current)!.slice(1);
  const known = name.includes(":") ? VALUES : [...namesIn(cwd), ...METHODS];
  return known.filter((one) => one.startsWith(name)).map((one) => `${before}${one}`);
}

function namesIn(cwd: string): string[] {
  let root: string;
  try {
    root = findProject(cwd, undefined);
  } catch {
    return []; // no project: nothing to complete, and nobody to tell
  }
  return FOLDERS.flatMap((folder) => filesBelow(join(root, folder)))
    .filter((file) => FILES.test(file))
    .map((file) => file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1).replace(FILES, ""))
    .toSorted();
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
}
