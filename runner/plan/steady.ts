import { globalSpecs } from "../graph/specs.ts";
import type { ParsedProject } from "../graph/parsed-project.ts";
import type { Compiled } from "./compile.ts";

/** What is the same whenever the same project is compiled. */
const SAFE: ReadonlySet<string> = new Set("ref var config doc this target get_where_subquery".split(" "));
const UNSTEADY = new RegExp(
  `\\b(?:${[...globalSpecs.keys()].filter((name) => !SAFE.has(name)).join("|")})\\b`,
);

/**
 * Tells whether a node comes to the same SQL whenever nothing of its project has changed: neither it nor a macro that it uses has a
 * word in it for something else, like the run, the warehouse, the environment or a source. A script may do anything.
 */
export function steadiness({
  graph,
  library,
}: Pick<ParsedProject, "graph" | "library">): (id: string, compiled: Compiled) => boolean {
  const macros = new Map<string, boolean>();
  const isSteadyMacro = (id: string): boolean => {
    let known = macros.get(id);
    if (known === undefined) {
      const [, of = "", ...rest] = id.split(".");
      const macro = library.find(rest.join("."), of === graph.projectName ? null : of);
      // Defaults of parameters are literals.
      known = macro?.kind === "sql" && !UNSTEADY.test(macro.body);
      macros.set(id, known);
    }
    return known;
  };
  return (id, { ctes }) => {
    const node = graph.nodes.get(id);
    if (node === undefined || node.resourceType === "seed" || ctes.length > 0) return false;
    if (UNSTEADY.test(node.rawCode)) return false;
    if (node.resourceType === "test" && UNSTEADY.test(node.config.where ?? "")) return false;
    return node.dependsOn.macros.every(isSteadyMacro);
  };
}
