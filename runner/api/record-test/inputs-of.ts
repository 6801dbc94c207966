import { createCompiler } from "../../plan/compile.ts";
import type { SourceAsk } from "../../plan/source-relations.ts";
import type { ModelNode } from "../../graph/types.ts";
import { compileInputOf } from "../compile-input.ts";
import type { OpenProject } from "../open-project.ts";

/** What a model reads, each as its own SQL calls it: `ref('orders')`, `source('eurostat', 'demo_pjan', vintage='previous')`. */
export function inputsOf(open: OpenProject, model: ModelNode): readonly string[] {
  const { graph } = open.parsed;
  const refs = (graph.parents.get(model.uniqueId) ?? []).flatMap((id): string[] => {
    const parent = graph.nodes.get(id);
    if (parent === undefined || parent.resourceType === "test") return [];
    const words =
      parent.packageName === open.project.name ? [parent.name] : [parent.packageName, parent.name];
    const version =
      parent.resourceType === "model" && parent.version !== null ? `, v=${quoted(parent.version)}` : "";
    return [`ref(${words.map(quoted).join(", ")}${version})`];
  });
  const asked = new Set<string>();
  const sources = {
    ...open.sources,
    relation: (node: Parameters<OpenProject["sources"]["relation"]>[0], ask: SourceAsk): string => {
      const more = [
        ...(ask.vintage === null ? [] : [`vintage=${quoted(ask.vintage)}`]),
        ...(ask.part === "dimensions" ? [`part=${quoted("dimensions")}`] : []),
      ];
      asked.add(`source(${[quoted(node.sourceName), quoted(node.name), ...more].join(", ")})`);
      return open.sources.relation(node, ask);
    },
  };
  // An ephemeral model that it reads is an input like any other, and reads its own sources.
  createCompiler({ ...compileInputOf(open), sources, ephemeralAsRelation: true }).compile(model.uniqueId);
  return [...refs, ...asked];
}

const quoted = (value: string | number): string =>
  typeof value === "number" ? String(value) : value.includes("'") ? JSON.stringify(value) : `'${value}'`;
