import type { VNode } from "preact";
import { layOut } from "../../../../layout/layout.ts";
import type { Change } from "../../../../data/lineage-types.ts";
import type { IndexNode } from "../../../../data/frame-types.ts";
import { columnLink } from "./column-link.ts";
import type { Trace, TracedTable } from "./trace.ts";

/** In pixels. */
const WIDTH = 232;
const HEAD = 38;
const ROW = 28;
const GAP = 96;

/** Tables as cards with the columns that take part; lines from column to column. */
export function ColumnGraph({ trace, nodes }: { trace: Trace; nodes: readonly IndexNode[] }): VNode {
  const { tables, edges } = trace;
  const placeOf = new Map(tables.map(({ place }, i) => [place, i]));
  const pairs = new Map(
    edges
      .filter(({ from, to }) => from[0] !== to[0])
      .map(({ from, to }) => [`${from[0]}>${to[0]}`, [placeOf.get(from[0])!, placeOf.get(to[0])!] as const]),
  );
  const layout = layOut(
    {
      nodes: tables.map(({ columns }) => ({ last: false, height: HEAD + columns.length * ROW + 6 })),
      edges: [...pairs.values()],
    },
    { nodeWidth: WIDTH, columnGap: GAP },
  );
  const heightOf = (place: number, column: string): number => {
    const i = placeOf.get(place)!;
    const row = tables[i]!.columns.findIndex(({ name }) => name === column);
    return layout.nodes[i]!.y + HEAD + row * ROW + ROW / 2;
  };
  return (
    <div class="column-scroller" tabIndex={0} role="region" aria-label="Column lineage, drawn">
      <div
        class="column-graph"
        ref={(element) => void (element && size(element, layout.width, layout.height))}
      >
        <svg width={layout.width + 4} height={layout.height + 4} aria-hidden="true">
          {edges.map(({ from, to, change }) => {
            const x0 = layout.nodes[placeOf.get(from[0])!]!.x + WIDTH;
            const { x } = layout.nodes[placeOf.get(to[0])!]!;
            const [y0, y] = [heightOf(...from), heightOf(...to)];
            const bend = Math.max(36, (x - x0) / 2);
            return (
              <path
                key={`${from.join(" ")}>${to.join(" ")}`}
                class={`column-line change-${change}`}
                d={`M${x0} ${y0}C${x0 + bend} ${y0} ${x - bend} ${y} ${x} ${y}`}
              />
            );
          })}
        </svg>
        {tables.map((table, i) => (
          <TableCard key={table.place} table={table} node={nodes[table.place]!} at={layout.nodes[i]!} />
        ))}
      </div>
    </div>
  );
}

/** Set by script: the pages' policy allows no style in the markup. */
const size = (element: HTMLElement, width: number, height: number): void =>
  void Object.assign(element.style, { width: `${width + 4}px`, height: `${height + 4}px` });

function TableCard({
  table,
  node,
  at,
}: {
  table: TracedTable;
  node: IndexNode;
  at: { readonly x: number; readonly y: number };
}): VNode {
  return (
    <section
      class={`column-card kind-${node.kind}`}
      aria-label={node.name}
      ref={(element) =>
        void (element && Object.assign(element.style, { left: `${at.x}px`, top: `${at.y}px` }))
      }
    >
      <h2 title={node.name}>
        <i class="dot" aria-hidden="true" />
        <span>{node.name}</span>
      </h2>
      <ul>
        {table.columns.map(({ name, type, side, complete }) => (
          <li key={name}>
            <a
              href={columnLink(node.id, name)}
              aria-current={side === null ? "true" : undefined}
              title={complete ? name : `${name}: it may come from more than is shown`}
            >
              <span>{name}</span>
              {complete ? null : (
                <b class="column-unsure" role="img" aria-label="may come from more">
                  ?
                </b>
              )}
              <small>{type?.toLowerCase()}</small>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

const changeNames: Readonly<Record<Change, string>> = {
  identity: "as it is",
  transformation: "changed",
  aggregation: "aggregated",
  constant: "begins there",
};
export const changeName = (change: Change): string => changeNames[change];
