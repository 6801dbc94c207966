import type { VNode } from "preact";
import type { HomeNode } from "../../../data/home-types.ts";
import { NodeName, StatusMark } from "../../kit/badges.tsx";
import { formatAge, formatDay, formatMinute, formatShort } from "../../kit/format.ts";
import { link } from "../../kit/route.ts";
import { Empty } from "../../kit/state.tsx";

const Age = ({ at, word }: { at: string | null; word: string }): VNode | null =>
  at === null ? null : (
    <span title={formatMinute(at)}>
      {word} {formatAge(at)}
    </span>
  );

export const MartCard = ({ marts }: { marts: readonly HomeNode[] }): VNode => (
  <section class="card">
    <div class="card-head">
      <h2>Published tables</h2>
      <a class="small" href={link("nodes", [], { kind: "mart" })}>
        All tables
      </a>
    </div>
    {marts.length === 0 ? <Empty title="No models yet">A file below models/ is one.</Empty> : null}
    <ul class="rows">
      {marts.map((node) => (
        <li key={node.id} class="home-node">
          <div class="home-node-line">
            <NodeName node={node} />
            <span class="home-node-facts">
              {node.rows === null ? null : <span>{formatShort(node.rows)} rows</span>}
              <Age at={node.at} word="built" />
            </span>
          </div>
          {node.about === "" ? null : <p class="quiet small">{node.about}</p>}
        </li>
      ))}
    </ul>
  </section>
);

const freshnessWords = { good: "fresh", warn: "getting old", bad: "too old", skipped: "", none: "" } as const;

export const SourceCard = ({ sources }: { sources: readonly HomeNode[] }): VNode => (
  <section class="card">
    <h2>Sources</h2>
    {sources.length === 0 ? <Empty title="No sources are declared" /> : null}
    <ul class="rows">
      {sources.map((node) => (
        <li key={node.id} class="home-node">
          <div class="home-node-line">
            <NodeName node={node} />
            {node.freshness === "none" ? null : (
              <span class={`fresh fresh-${node.freshness}`}>
                <StatusMark status={node.freshness} />
                {freshnessWords[node.freshness]}
              </span>
            )}
          </div>
          <p class="quiet small">
            {[
              node.rows === null ? null : `${formatShort(node.rows)} rows`,
              node.published === null ? null : `published ${formatDay(node.published)}`,
              node.at === null ? null : `loaded ${formatAge(node.at)}`,
            ]
              .filter((text) => text !== null)
              .join(" · ")}
          </p>
        </li>
      ))}
    </ul>
  </section>
);
