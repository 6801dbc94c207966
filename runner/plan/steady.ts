import { INTROSPECTIVE, globalSpecs } from "../graph/specs.ts";
import type { ParsedProject } from "../graph/parsed-project.ts";
import type { GraphNode } from "../graph/types.ts";
import type { Compiled } from "./compile.ts";

type Parsed = Pick<ParsedProject, "graph" | "library" | "introspective">;

/** What is the same whenever the same project is compiled. */
const SAFE: ReadonlySet<string> = new Set(
  "ref var config doc this model target get_where_subquery".split(" "),
);
const UNSTEADY = new RegExp(
  `\\b(?:${[...globalSpecs.keys()].filter((name) => !SAFE.has(name)).join("|")})\\b`,
);

/**
 * Tells whether a node comes to the same SQL whenever nothing of its project has changed: neither it nor a macro that it uses has a
 * word in it for something else, like the run, the warehouse, the environment or a source. A script may do anything.
 */
export function steadiness(parsed: Parsed): (id: string, compiled: Compiled) => boolean {
  const isWithout = without(parsed, UNSTEADY);
  return (id, { ctes }) => {
    const node = parsed.graph.nodes.get(id);
    return node !== undefined && node.resourceType !== "seed" && ctes.length === 0 && isWithout(node);
  };
}

const OF_THE_RUN = new RegExp(
  `\\b(?:${["invocation_id", "run_started_at", "execute", "flags", ...INTROSPECTIVE].join("|")})\\b`,
);

/** Whether the SQL of these nodes is the same in every run that finds the same inputs, environment and warehouse. */
export function isSameEachRun(parsed: Parsed, ids: Iterable<string>): boolean {
  const isWithout = without(parsed, OF_THE_RUN);
  if (parsed.introspective.size > 0) return false;
  for (const id of ids) {
    const node = parsed.graph.nodes.get(id);
    if (node !== undefined && node.resourceType !== "seed" && !isWithout(node)) return false;
  }
  return true;
}

/** Tells whether neither a node nor a macro that it uses has one of these words in it. */
function without(
  { graph, library }: Parsed,
  words: RegExp,
): (node: Exclude<GraphNode, { readonly resourceType: "seed" }>) => boolean {
  const macros = new Map<string, boolean>();
  const isMacroWithout = (id: string): boolean => {
    let known = macros.get(id);
    if (known === undefined) {
      const [, of = "", ...rest] = id.split(".");
      const macro = library.find(rest.join("."), of === graph.projectName ? null : of);
      // Defaults of parameters are literals.
      known = macro?.kind === "sql" && !words.test(macro.body);
      macros.set(id, known);
    }
    return known;
  };
  return (node) => {
    if (words.test(node.rawCode)) return false;
    if (node.resourceType === "test" && words.test(node.config.where ?? "")) return false;
    return node.dependsOn.macros.every(isMacroWithout);
  };
}
