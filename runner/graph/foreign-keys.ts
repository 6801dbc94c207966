import { isEphemeral } from "./relation-nodes.ts";
import type { Place } from "../base/problems.ts";
import type { Constraint } from "../project/types.ts";
import type { Targets } from "./packaged-names.ts";
import { readTemplate } from "./read-template.ts";
import type { GraphNode, ModelConstraint, ModelNode, References, RelationNode, SourceNode } from "./types.ts";
import { versionedName } from "./versions.ts";
import { report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

const nowhere: References = { refs: [], sources: [] };

/** The relation that a foreign key points to, as its call; what cannot be meant is a problem. */
export function pointedTo(
  workshop: Workshop,
  { type, to, toColumns, columns }: Constraint,
  place: Place,
): References {
  const complain = (message: string): void =>
    report(
      workshop,
      place,
      "CONSTRAINT_INVALID",
      message,
      "- {type: foreign_key, columns: [geo], to: ref('dim_geo'), to_columns: [geo]}",
    );
  if (type !== "foreign_key") {
    if (to !== null || toColumns.length > 0) complain(`"${type}" points to nothing`);
    return nowhere;
  }
  if (to === null) complain("a foreign key must say what it points to");
  else if (toColumns.length !== columns.length)
    complain(`a foreign key of ${columns.length} columns points to ${toColumns.length}`);
  if (to === null) return nowhere;
  const { references } = readTemplate(workshop, `foreign key ${to}`, place.file, `{{ ${to} }}`, place);
  if (references.refs.length + references.sources.length !== 1) complain(`"${to}" is no relation`);
  return references;
}

/** What is there before a model because its foreign keys point to it; a table may point to itself. */
export const referencesOfKeys = (constraints: readonly ModelConstraint[], own: string): References[] =>
  constraints.map(({ pointsTo }) => ({
    ...pointsTo,
    refs: pointsTo.refs.filter(({ name }) => name !== own),
  }));

/** A node whose foreign keys know the relations that they point to. */
export function withForeignKeys(workshop: Workshop, node: GraphNode, targets: Targets): GraphNode {
  if (node.resourceType !== "model" || node.constraints.length === 0) return node;
  if (node.constraints.every(({ to }) => to === null)) return node;
  const constraints = node.constraints.map((each) => {
    const found = each.to === null ? undefined : findTarget(each.pointsTo, node, targets);
    if (found === undefined) return each;
    if (isTable(found)) return { ...each, other: found.relation };
    report(
      workshop,
      node.place,
      "CONSTRAINT_UNSUPPORTED",
      `the foreign key of "${node.name}" points to ${each.to}, which is no table`,
      "write a relationships test instead",
    );
    return each;
  });
  return { ...node, constraints };
}

/** What is not there at all is told where references are. */
function findTarget(
  { refs: [ref], sources: [source] }: References,
  { packageName }: ModelNode,
  { refs, sources }: Targets,
): RelationNode | SourceNode | undefined {
  if (ref) return refs.find(versionedName(ref.name, ref.version), ref.package, packageName)[0];
  return source && sources.find(`${source.source}.${source.table}`, null, packageName)[0];
}

/** An ephemeral model is none, nor are files in the landing zone. */
const isTable = (node: RelationNode | SourceNode): boolean =>
  node.resourceType === "source" ? !node.landing : !isEphemeral(node);
