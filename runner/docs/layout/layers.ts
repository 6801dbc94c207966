/** A graph to be drawn. Every edge goes from an earlier node of the list to a later one. */
export type Drawing = {
  readonly nodes: readonly DrawnNode[];
  /** Pairs of places in `nodes`: parent, child. */
  readonly edges: readonly (readonly [parent: number, child: number])[];
};
/** `last`: belongs at the right edge, as exposures do. `height` in pixels. */
export type DrawnNode = { readonly last: boolean; readonly height: number };

/**
 * The column of each node. Parents are left of their children; what has no parents stands right before its first
 * child, so that no line is longer than it must be.
 */
export function assignLayers({ nodes, edges }: Drawing): number[] {
  const layer = nodes.map(() => 0);
  const isRoot = nodes.map(() => true);
  const outgoing = nodes.map((): number[] => []);
  for (const [parent, child] of edges) {
    outgoing[parent]!.push(child);
    isRoot[child] = false;
  }
  for (let node = 0; node < nodes.length; node++) {
    for (const child of outgoing[node]!) layer[child] = Math.max(layer[child]!, layer[node]! + 1);
  }
  for (let node = 0; node < nodes.length; node++) {
    const children = outgoing[node]!;
    if (isRoot[node] && children.length > 0) {
      layer[node] = Math.min(...children.map((child) => layer[child]!)) - 1;
    }
  }
  const right = layer.reduce((most, each) => Math.max(most, each), 0);
  return layer.map((own, node) => (nodes[node]!.last ? right : own));
}
