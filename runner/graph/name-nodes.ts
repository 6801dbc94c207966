import { ProjectError, messageOf } from "../base/errors.ts";
import { md5 } from "../base/hash.ts";
import { isPrintable } from "../base/text.ts";
import { renderMacro } from "../template/render-template.ts";
import { Data, Sql } from "../template/values.ts";
import { describedNode } from "./described-node.ts";
import { namingContext } from "./evaluate.ts";
import { RelationNames } from "./relation-names.ts";
import type { GraphNode, TestNode } from "./types.ts";
import { pointerOf } from "./versions.ts";
import { report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

const MACROS = {
  schema: "generate_schema_name",
  alias: "generate_alias_name",
  pointer: "generate_latest_version_pointer_alias",
} as const;
type Part = keyof typeof MACROS;
const PARTS = Object.keys(MACROS) as Part[];

/**
 * Nodes under the names that they get in the warehouse. What a package's `generate_schema_name`, `generate_alias_name` and
 * `generate_latest_version_pointer_alias` (the view of a model's latest version) come to holds for its own nodes, what the project's come to for all others, as in dbt; without such macros nodes keep the names that they were made with.
 */
export class NodeNamer {
  readonly #workshops: ReadonlyMap<string, Workshop>;
  /** Mistakes in a macro come back with every node. */
  readonly #told = new Set<string>();
  /** The schema that was looked at last, and is a name: nearly all nodes are in the same few. */
  #sound = "";

  constructor(workshops: readonly Workshop[]) {
    this.#workshops = new Map(workshops.map((workshop) => [workshop.project.name, workshop]));
  }

  name<Node extends GraphNode>(nodes: readonly Node[]): readonly Node[] {
    const named = this.#hasMacros() ? nodes.map((node) => this.#named(node)) : nodes;
    for (let i = 0; i < named.length; i++) this.#check(named[i]!);
    return named;
  }

  #hasMacros(): boolean {
    return [...this.#workshops.values()].some((workshop) =>
      PARTS.some((part) => macroFor(workshop, part) !== undefined),
    );
  }

  #named<Node extends GraphNode>(node: Node): Node {
    const { schema, alias } = node.config;
    const custom = node.resourceType === "test" ? (schema ?? "dbt_test__audit") : schema;
    const named = {
      alias: this.#part(node, "alias", alias) ?? node.alias,
      schema: this.#part(node, "schema", custom) ?? node.relation.schema,
    };
    const pointer =
      node.resourceType === "model" && pointerOf(node) !== null
        ? this.#part(node, "pointer", node.config.latest_version_pointer.alias)
        : undefined;
    return {
      ...node,
      ...(pointer !== undefined && { pointerAlias: pointer }),
      alias: named.alias,
      relation: { ...node.relation, schema: named.schema, identifier: named.alias },
    };
  }

  #part(node: GraphNode, part: Part, custom: string | null): string | undefined {
    const workshop = this.#workshops.get(node.packageName)!;
    const macro = macroFor(workshop, part);
    if (macro === undefined) return undefined;
    const args = [custom === null ? null : new Sql(custom), new Data(describedNode(node))];
    try {
      return renderMacro(macro, args, workshop.library, namingContext(workshop)).trim();
    } catch (error) {
      if (!(error instanceof ProjectError)) this.#tell(workshop, node, `${macro}: ${messageOf(error)}`);
      else {
        const key = JSON.stringify(
          error.problems.map(({ file, line, column, code }) => [file, line, column, code]),
        );
        if (!this.#told.has(key)) {
          const whose = `, for ${node.resourceType} "${node.name}"`;
          workshop.problems.push(
            ...error.problems.map((problem) => ({ ...problem, message: `${problem.message}${whose}` })),
          );
        }
        this.#told.add(key);
      }
      return undefined;
    }
  }

  /** What is a name for nobody: empty, or with a line break in it. */
  #check(node: GraphNode): void {
    const { schema, identifier } = node.relation;
    // That a file's name is no name is told already.
    if (!isPrintable(node.name)) return;
    if (schema !== this.#sound && this.#checkPart(node, "schema", schema)) this.#sound = schema;
    if (identifier !== node.name || identifier.trim() === "") this.#checkPart(node, "name", identifier);
    if (node.resourceType === "model" && node.pointerAlias !== undefined)
      this.#checkPart(node, "name", node.pointerAlias);
  }

  /** Whether it is one. */
  #checkPart(node: GraphNode, part: "schema" | "name", name: string): boolean {
    if (name.trim() !== "" && isPrintable(name)) return true;
    const what = `${JSON.stringify(name)} cannot be the ${part} of "${node.name}" in the warehouse`;
    this.#tell(this.#workshops.get(node.packageName)!, node, what);
    return false;
  }

  #tell(workshop: Workshop, node: GraphNode, message: string): void {
    const hint =
      "a name is one line of text: see generate_schema_name, generate_alias_name and the configs schema and alias";
    report(workshop, node.place, "RELATION_NAME", message, hint);
  }
}

/** The package's own before the project's. */
function macroFor({ library, package: of }: Workshop, part: Part): string | undefined {
  const name = MACROS[part];
  if (of !== null && library.find(name, of)) return `${of}.${name}`;
  return library.find(name, null) && name;
}

/** Tests of one name, given to them or come by in two packages, each keep their own failures. */
export function withTablesOfTheirOwn(tests: readonly TestNode[]): readonly TestNode[] {
  if (isEachAlone(tests)) return tests;
  const owners = new RelationNames<TestNode>();
  const twins = new Set<TestNode>();
  for (let i = 0; i < tests.length; i++) {
    const other = owners.give(tests[i]!.relation, tests[i]!);
    if (other !== undefined) twins.add(other).add(tests[i]!);
  }
  if (twins.size === 0) return tests;
  return tests.map((test) => {
    if (test.config.alias !== null || !twins.has(test)) return test;
    const alias = `${test.alias}_${md5(test.uniqueId).slice(0, 10)}`;
    return { ...test, alias, relation: { ...test.relation, identifier: alias } };
  });
}

/** Whether all are of different names, which is found in half the time in which those of one name are. */
function isEachAlone(tests: readonly TestNode[]): boolean {
  const schema = tests[0]?.relation.schema;
  const names = new Set<string>();
  for (let i = 0; i < tests.length; i++) {
    const { relation } = tests[i]!;
    if (relation.schema !== schema) return false;
    names.add(relation.identifier.toLowerCase());
  }
  return names.size === tests.length;
}
