import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Change } from "../../../../data/lineage-types.ts";
import type { IndexNode } from "../../../../data/frame-types.ts";
import { NodeName } from "../../../kit/badges.tsx";
import { plural } from "../../../kit/format.ts";
import { useFrame } from "../../../kit/frame.ts";
import { link, nodeLink } from "../../../kit/route.ts";
import { Empty } from "../../../kit/state.tsx";
import { ColumnGraph, changeName } from "./column-graph.tsx";
import { columnLink } from "./column-link.ts";
import { traceColumn } from "./trace.ts";
import type { Trace, TracedColumn } from "./trace.ts";

const CHANGES: readonly Change[] = ["identity", "transformation", "aggregation"];

/** Where one column comes from and where it goes, drawn and in words. */
export function ColumnView({
  nodes,
  id,
  column,
}: {
  nodes: readonly IndexNode[];
  id: string;
  column: string;
}): VNode {
  const { buckets, project } = useFrame();
  const [trace, setTrace] = useState<Trace | null | undefined>(undefined);
  const box = useRef<HTMLDivElement>(null);
  const node = nodes.find((each) => each.id === id);
  useEffect(() => {
    document.title = `${node?.name ?? id}.${column} · ${project}`;
    let isWanted = true;
    void traceColumn(nodes, buckets, id, column).then((found) => isWanted && setTrace(found));
    return () => void (isWanted = false);
  }, []);
  useEffect(() => {
    box.current
      ?.querySelector(".column-graph [aria-current]")
      ?.scrollIntoView({ block: "center", inline: "center" });
  }, [trace]);
  if (trace === undefined) return <div class="waiting" aria-busy="true" />;
  if (trace === null || node === undefined)
    return (
      <div class="page">
        <Empty title={`Nothing is known of the column ${column}`}>
          The columns of {node?.name ?? id} cannot be told from its SQL alone, or it has none of this name.{" "}
          <a href={link("lineage", [], { node: id })}>Back to the graph</a>
        </Empty>
      </div>
    );
  const own = trace.tables.flatMap(({ columns }) => columns).find(({ side }) => side === null)!;
  return (
    <div class="column-page" ref={box}>
      <header class="column-head">
        <div>
          <p class="small">
            <a href={link("lineage", [], { node: id })}>Lineage</a> / <a href={nodeLink(id)}>{node.name}</a>
          </p>
          <h1>{own.name}</h1>
          <p class="quiet">{summary(trace, own)}</p>
        </div>
        <ul class="column-legend" aria-label="Lines">
          {CHANGES.map((change) => (
            <li key={change}>
              <svg width="34" height="10" aria-hidden="true">
                <path class={`column-line change-${change}`} d="M1 5H33" />
              </svg>
              {changeName(change)}
            </li>
          ))}
        </ul>
      </header>
      <ColumnGraph trace={trace} nodes={nodes} />
      <div class="column-lists">
        <ColumnList title="Comes from" side="up" trace={trace} nodes={nodes} none={whyNone(own)} />
        <ColumnList
          title="Goes to"
          side="down"
          trace={trace}
          nodes={nodes}
          none="Nothing is made of it here."
        />
        <Influences trace={trace} nodes={nodes} />
      </div>
    </div>
  );
}

/** What a value is made of is one thing, which rows there are another. */
function Influences({ trace, nodes }: { trace: Trace; nodes: readonly IndexNode[] }): VNode | null {
  if (trace.influences.length === 0) return null;
  return (
    <section class="card column-rest">
      <h2>Which rows there are</h2>
      <p class="quiet small">is decided by these columns, in filters, joins, groupings and orders.</p>
      <ul class="column-influences">
        {trace.influences.map(([place, name]) => (
          <li key={`${place} ${name}`}>
            <a href={columnLink(nodes[place]!.id, name)}>
              <code>{name}</code>
            </a>
            <span class="quiet small">{nodes[place]!.name}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function summary({ tables, isCut }: Trace, own: TracedColumn): string {
  const count = (side: "up" | "down"): number =>
    tables.reduce((sum, { columns }) => sum + columns.filter((each) => each.side === side).length, 0);
  const parts = [
    own.type?.toLowerCase(),
    `comes from ${plural(count("up"), "column")}`,
    `goes to ${plural(count("down"), "column")}`,
    own.complete ? null : "it may come from more than can be told",
    isCut ? "cut off here, as there are more" : null,
  ];
  return parts.filter(Boolean).join(" · ");
}

const whyNone = ({ change, complete }: TracedColumn): string =>
  !complete
    ? "Where it comes from cannot be told from the SQL."
    : change === "constant"
      ? "No other column: it begins here."
      : "No column that is known.";

function ColumnList({
  title,
  side,
  trace,
  nodes,
  none,
}: {
  title: string;
  side: "up" | "down";
  trace: Trace;
  nodes: readonly IndexNode[];
  none: string;
}): VNode {
  const rows = trace.tables.flatMap(({ place, columns }) =>
    columns.filter((each) => each.side === side).map((each) => ({ node: nodes[place]!, column: each })),
  );
  return (
    <section class="card">
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <p class="quiet">{none}</p>
      ) : (
        <ul class="column-rows">
          {rows.map(({ node, column }) => (
            <li key={`${node.id} ${column.name}`}>
              <a href={columnLink(node.id, column.name)}>
                <code>{column.name}</code>
              </a>
              <NodeName node={node} />
              <span class="quiet small">
                {changeName(column.change)}
                {column.complete ? "" : ", maybe of more"}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
