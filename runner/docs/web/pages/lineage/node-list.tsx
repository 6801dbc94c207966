import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { KindBadge, NodeName, StatusBadge } from "../../kit/badges.tsx";
import type { GraphModel } from "./graph-model.ts";

const STEP = 200;

/** The same as the graph, in words: each table with what it is made from and what is made of it. */
export function NodeList({
  model,
  places,
  onPick,
  count,
}: {
  model: GraphModel;
  places: ReadonlySet<number>;
  onPick: (place: number) => void;
  count: VNode;
}): VNode {
  const [most, setMost] = useState(STEP);
  const all = [...places].toSorted((a, b) => a - b);
  const names = (label: string, list: readonly number[]): VNode | null =>
    list.length === 0 ? null : (
      <>
        <span class="lineage-fold">{label}</span>
        <ul class="lineage-names">
          {list.slice(0, 12).map((place) => (
            <li key={place}>
              <NodeName node={model.nodes[place]!} />
            </li>
          ))}
          {list.length > 12 ? <li class="quiet">and {list.length - 12} more</li> : null}
        </ul>
      </>
    );
  return (
    <div class="lineage-list" tabIndex={0} role="region" aria-label="Tables and their neighbours">
      {count}
      <table class="folding">
        <thead>
          <tr>
            <th scope="col">Table</th>
            <th scope="col">Kind</th>
            <th scope="col">Health</th>
            <th scope="col">Made from</th>
            <th scope="col">Used by</th>
          </tr>
        </thead>
        <tbody>
          {all.slice(0, most).map((place) => {
            const node = model.nodes[place]!;
            return (
              <tr key={place}>
                <td>
                  <button type="button" class="lineage-pick" onClick={() => onPick(place)}>
                    {node.name}
                  </button>
                </td>
                <td>
                  <KindBadge kind={node.kind} />
                </td>
                <td>
                  <StatusBadge status={node.status} />
                </td>
                <td>{names("Made from", node.parents)}</td>
                <td>{names("Used by", model.children[place]!)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {all.length > most ? (
        <button type="button" class="button" onClick={() => setMost(most + STEP)}>
          Show {Math.min(STEP, all.length - most)} more of {all.length - most}
        </button>
      ) : null}
    </div>
  );
}
