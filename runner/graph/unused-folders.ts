import { didYouMean } from "../base/nearest.ts";
import type { FolderConfig, ResourceKind } from "../project/types.ts";
import type { DisabledNode, Graph, SourceNode, UnusedFolder } from "./types.ts";

type Named = GraphPart[number];
type GraphPart = readonly Pick<DisabledNode | SourceNode, "resourceType" | "fqn">[];

/** A name of a folder that is misspelt says nothing of what it was meant for. `parts`: all that there is, switched on or off. */
export function unusedFolders(folders: readonly FolderConfig[], parts: readonly GraphPart[]): UnusedFolder[] {
  const unused = folders.filter(
    ({ kind, path }) => path.length > 0 && !parts.some((part) => part.some((node) => isIn(node, kind, path))),
  );
  return unused.map(({ kind, path, place }) => {
    const [above, last] = [path.slice(0, -1), path.at(-1)!];
    const beside = parts.flatMap((part) => part.filter((node) => isIn(node, kind, above)));
    const names = new Set(beside.flatMap(({ fqn }) => fqn.slice(above.length + 1, above.length + 2)));
    const message = `nothing is in "${[kind, ...path].join(": ")}" of ${place.file}:${place.line}`;
    return {
      message,
      hint: didYouMean(last, names) ?? "rename it to the folder that is meant, or take it out",
    };
  });
}

/** Below a folder of the project, or of the package that the path begins with. */
function isIn({ resourceType, fqn }: Named, kind: ResourceKind, path: readonly string[]): boolean {
  if (`${resourceType}s` !== kind) return false;
  const from = fqn[0] === path[0] && fqn[1] !== path[0] ? 0 : 1;
  for (let i = 0; i < path.length; i++) if (path[i] !== fqn[i + from]) return false;
  return true;
}

/** As they are told of a project each time. */
export const unusedFolderWarnings = ({ unusedFolders: folders }: Pick<Graph, "unusedFolders">): Warning[] =>
  folders.map((folder) => ({ code: "FOLDER_UNUSED", ...folder }));

type Warning = UnusedFolder & { readonly code: string };
