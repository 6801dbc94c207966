import type { VNode } from "preact";
import type { ColumnFacts, NodeColumn, NodeDetail, NodeTest } from "../../../data/types.ts";
import { StatusMark } from "../../kit/badges.tsx";
import { Histogram, TopBars } from "../../kit/bars.tsx";
import { formatShare, formatShort, plural } from "../../kit/format.ts";
import { RichLine } from "../../kit/rich.tsx";
import { nodeLink } from "../../kit/route.ts";

export function Columns({ node }: { node: NodeDetail }): VNode {
  const isProfiled = node.columns.some(({ profile }) => profile !== null);
  return (
    <section class="card" id="columns">
      <div class="card-head">
        <h2>Columns</h2>
        <span class="quiet small">{plural(node.columns.length, "column")}</span>
      </div>
      <div class="column-list">
        {node.columns.map((column) => (
          <Column
            key={column.name}
            column={column}
            isProfiled={isProfiled}
            tests={node.tests.filter((test) => test.column?.toLowerCase() === column.name.toLowerCase())}
          />
        ))}
      </div>
    </section>
  );
}

type ColumnProps = {
  readonly column: NodeColumn;
  readonly tests: readonly NodeTest[];
  readonly isProfiled: boolean;
};

const Column = ({ column, tests, isProfiled }: ColumnProps): VNode => (
  <div class={`column-row ${isProfiled ? "is-profiled" : ""}`}>
    <div>
      <div class="column-name">
        <code>{column.name}</code>
        <span class="quiet small">{column.type.toLowerCase()}</span>
      </div>
      {column.description.length > 0 ? (
        <div class="small">
          <RichLine text={column.description} />
        </div>
      ) : null}
      {tests.length > 0 ? (
        <div class="column-tests">
          {tests.map((test) => (
            <a key={test.id} class={`test-chip test-${test.outcome.status}`} href={nodeLink(test.id)}>
              <StatusMark status={test.outcome.status} label={test.outcome.word || "not run"} />
              {test.name}
            </a>
          ))}
        </div>
      ) : null}
    </div>
    {column.profile === null ? null : <Profile facts={column.profile} />}
  </div>
);

const Profile = ({ facts }: { facts: ColumnFacts }): VNode => (
  <>
    <dl class="column-facts">
      <div>
        <dt>empty</dt>
        <dd>{formatShare(facts.nullShare)}</dd>
      </div>
      <div>
        <dt>distinct</dt>
        <dd>{formatShort(facts.distinct)}</dd>
      </div>
    </dl>
    <div class="column-shape">
      {facts.histogram === null ? (
        <TopBars top={facts.top} min={facts.min} max={facts.max} />
      ) : (
        <Histogram counts={facts.histogram} min={facts.min ?? ""} max={facts.max ?? ""} />
      )}
    </div>
  </>
);
