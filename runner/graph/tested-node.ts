import type { Version } from "../project/govern-schema.ts";
import { hashedRelation } from "./test-hash.ts";
import type { References, RelationNode, SourceNode } from "./types.ts";
import type { Workshop } from "./workshop.ts";

/** What the tests of one node have in common. */
export type TestedNode = {
  readonly uniqueId: string;
  /** As the ids of its tests are hashed from it. */
  readonly hashed: string;
  /** What their names begin with: `source_` or nothing. */
  readonly kind: string;
  /** The node in their names. */
  readonly name: string;
  /** The call that names it: `ref("orders")`. */
  readonly call: string;
  readonly references: References;
  /** Their fqn, but for their names: as in dbt, the folders of the property file that asks for them. */
  readonly path: readonly string[];
  /** As in dbt, tests have the tags of a source. */
  readonly tags: readonly string[];
  /** As in dbt, a test is of the group of what it tests. */
  readonly group: string | null;
};

/** `path`: the package and the folders of the property file. */
export function testedOf(
  workshop: Workshop,
  node: RelationNode | SourceNode,
  path: readonly string[],
): TestedNode {
  const { uniqueId, name } = node;
  const isSource = node.resourceType === "source";
  const version = node.resourceType === "model" ? node.version : null;
  return {
    uniqueId,
    hashed: hashedRelation(isSource ? `source('${node.sourceName}', '${name}')` : namedByDbt(name, version)),
    kind: isSource ? "source_" : "",
    name: isSource ? `${node.sourceName}_${name}` : version === null ? name : `${name}_v${version}`,
    call: isSource ? `source(${quote(node.sourceName)}, ${quote(name)})` : refTo(workshop, node, version),
    references: isSource
      ? { refs: none, sources: [{ source: node.sourceName, table: name }] }
      : { refs: [{ name, package: workshop.package, version }], sources: none },
    path,
    tags: isSource ? node.tags : none,
    group: isSource ? null : node.config.group,
  };
}

const none: readonly never[] = [];

const namedByDbt = (name: string, version: Version | null): string =>
  `ref('${name}'${version === null ? "" : `, version='${version}'`})`;

function refTo(workshop: Workshop, { packageName, name }: RelationNode, version: Version | null): string {
  const of = workshop.package === null ? "" : `${quote(packageName)}, `;
  return `ref(${of}${quote(name)}${version === null ? "" : `, v=${JSON.stringify(version)}`})`;
}

const quote = (text: string): string => (WORD.test(text) ? `"${text}"` : JSON.stringify(text));
const WORD = /^\w*$/;
