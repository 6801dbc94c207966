import type { VNode } from "preact";
import type { NodeDetail } from "../../../data/node-types.ts";
import { KindBadge, StatusBadge } from "../../kit/badges.tsx";
import { formatCount, formatSeconds } from "../../kit/format.ts";
import { RichText } from "../../kit/rich.tsx";
import { link } from "../../kit/route.ts";

export function Heading({ node }: { node: NodeDetail }): VNode {
  const { outcome, rows } = node;
  const numbers = [
    rows === null ? null : `${formatCount(rows)} rows`,
    node.columns.length > 0 ? `${formatCount(node.columns.length)} columns` : null,
    outcome.seconds === null ? null : `built in ${formatSeconds(outcome.seconds)}`,
  ].filter((text) => text !== null);
  return (
    <header class="node-head">
      <div class="node-badges">
        <KindBadge kind={node.kind} />
        {node.shape === node.kind ? null : <span class="tag">{node.shape}</span>}
        <StatusBadge status={node.status} />
        {node.kind === "test" ? null : (
          <a class="small" href={link("lineage", [], { node: node.id })}>
            Show in the lineage
          </a>
        )}
      </div>
      <h1>{node.name}</h1>
      {numbers.length > 0 ? <p class="quiet">{numbers.join(" · ")}</p> : null}
      {outcome.message !== "" && outcome.status !== "good" ? (
        <pre class={`message message-${outcome.status}`}>{outcome.message}</pre>
      ) : null}
      {node.description.length > 0 ? (
        <div class="node-description">
          <RichText text={node.description} />
        </div>
      ) : null}
    </header>
  );
}
