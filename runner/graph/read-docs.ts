import type { Problem } from "../base/problems.ts";
import type { Project } from "../project/types.ts";
import { parseDocBlocks } from "../template/doc-blocks.ts";
import type { DocNode } from "./types.ts";

export type ReadDocs = {
  readonly nodes: ReadonlyMap<string, DocNode>;
  /** By package, then as its descriptions name them: its own before the project's before those of others, each also as `package.name`. */
  readonly docs: ReadonlyMap<string, ReadonlyMap<string, DocNode>>;
};

/** The doc blocks of the project and its packages. */
export function readDocs(project: Project, problems: Problem[]): ReadDocs {
  const nodes = new Map<string, DocNode>();
  const owners = [...project.packages, project];
  for (const owner of owners) readOwn(owner, nodes, problems);
  const docs = owners.map(({ name: of }) => {
    const seen = new Map<string, DocNode>();
    const own = [...nodes.values()].filter(({ packageName }) => packageName === of);
    for (const doc of [...nodes.values(), ...own])
      seen.set(doc.name, doc).set(`${doc.packageName}.${doc.name}`, doc);
    return [of, seen] as const;
  });
  return { nodes, docs: new Map(docs) };
}

function readOwn(
  { name: of, files }: Pick<Project, "name" | "files">,
  nodes: Map<string, DocNode>,
  problems: Problem[],
): void {
  for (const { path, file, text } of files.docs) {
    const { blocks, problems: found } = parseDocBlocks(file, text);
    problems.push(...found);
    for (const { name, contents, place } of blocks) {
      const uniqueId = `doc.${of}.${name}`;
      const first = nodes.get(uniqueId);
      if (first) {
        const message = `doc block "${name}" is also in ${first.originalFilePath}`;
        problems.push({ ...place, code: "NAME_DUPLICATE", message, hint: "rename one of the two" });
      }
      const inFolder = path.slice(path.indexOf("/") + 1);
      nodes.set(uniqueId, {
        uniqueId,
        name,
        packageName: of,
        path: inFolder,
        originalFilePath: path,
        contents,
      });
    }
  }
}
