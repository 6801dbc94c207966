import type { Version } from "../project/govern-schema.ts";
import type { References, RelationNode, SourceNode } from "./types.ts";
import type { Workshop } from "./workshop.ts";

/** What the tests of one node have in common. */
export type TestedNode = {
  readonly uniqueId: string;
  /** As JSON: what the ids of its tests are hashed from. */
  readonly key: string;
  /** What their ids and their names begin with: `test.shop.`, and `source_` or nothing. */
  readonly prefix: string;
  readonly kind: string;
  /** The node in their names. */
  readonly name: string;
  /** The call that names it: `ref("orders")`. */
  readonly call: string;
  readonly references: References;
  /** Their fqn, but for their names. */
  readonly path: string[];
  /** As in dbt, a test is of the group of what it tests. */
  readonly group: string | null;
};

export function testedOf(workshop: Workshop, node: RelationNode | SourceNode): TestedNode {
  const { uniqueId, name } = node;
  const isSource = node.resourceType === "source";
  const version = node.resourceType === "model" ? node.version : null;
  return {
    uniqueId,
    key: quote(uniqueId),
    prefix: `test.${workshop.project.name}.`,
    kind: isSource ? "source_" : "",
    name: isSource ? `${node.sourceName}_${name}` : version === null ? name : `${name}_v${version}`,
    call: isSource ? `source(${quote(node.sourceName)}, ${quote(name)})` : refTo(workshop, node, version),
    references: isSource
      ? { refs: [], sources: [{ source: node.sourceName, table: name }] }
      : { refs: [{ name, package: workshop.package, version }], sources: [] },
    path: isSource ? [workshop.project.name, node.sourceName] : node.fqn.slice(0, version === null ? -1 : -2),
    group: isSource ? null : node.config.group,
  };
}

function refTo(workshop: Workshop, { packageName, name }: RelationNode, version: Version | null): string {
  const of = workshop.package === null ? "" : `${quote(packageName)}, `;
  return `ref(${of}${quote(name)}${version === null ? "" : `, v=${JSON.stringify(version)}`})`;
}

const quote = (text: string): string => JSON.stringify(text);
