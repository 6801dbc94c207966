import type { VNode } from "preact";
import type { NodeDetail } from "../../../data/node-types.ts";
import type { NodeLink } from "../../../data/types.ts";
import { NodeName } from "../../kit/badges.tsx";
import { plural } from "../../kit/format.ts";

/** Shown at once; the rest behind a click. */
const FEW = 12;

export const Side = ({ node }: { node: NodeDetail }): VNode => (
  <aside class="stack node-side" aria-label="About this node">
    <section class="card">
      <h2>Details</h2>
      <dl class="facts">
        {node.facts.map(({ label, text, href }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              {href === undefined ? (
                text
              ) : (
                <a href={href} rel="noreferrer noopener" target="_blank">
                  {text}
                </a>
              )}
            </dd>
          </div>
        ))}
        {node.relation === null ? null : (
          <div>
            <dt>Relation</dt>
            <dd>
              <code>{node.relation}</code>
            </dd>
          </div>
        )}
        <div>
          <dt>File</dt>
          <dd>
            <code>{node.path}</code>
          </dd>
        </div>
        <div>
          <dt>Id</dt>
          <dd>
            <code>{node.id}</code>
          </dd>
        </div>
      </dl>
      {node.tags.length > 0 ? (
        <div class="chips">
          {node.tags.map((tag) => (
            <a key={tag} class="tag" href={`#/nodes?q=${encodeURIComponent(tag)}`}>
              {tag}
            </a>
          ))}
        </div>
      ) : null}
    </section>
    <Neighbours title={node.kind === "test" ? "Looks at" : "Made from"} nodes={node.parents} />
    <Neighbours title="Used by" nodes={node.children} />
  </aside>
);

function Neighbours({ title, nodes }: { title: string; nodes: readonly NodeLink[] }): VNode | null {
  if (nodes.length === 0) return null;
  const item = (node: NodeLink): VNode => (
    <li key={node.id}>
      <NodeName node={node} />
    </li>
  );
  return (
    <section class="card">
      <h2>{title}</h2>
      <ul class="plain">{nodes.slice(0, FEW).map(item)}</ul>
      {nodes.length > FEW ? (
        <details>
          <summary>{plural(nodes.length - FEW, "more", "more")}</summary>
          <ul class="plain">{nodes.slice(FEW).map(item)}</ul>
        </details>
      ) : null}
    </section>
  );
}
