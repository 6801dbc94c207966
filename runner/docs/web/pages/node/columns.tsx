import type { VNode } from "preact";
import type { ColumnFacts, NodeColumn, NodeDetail, NodeTest } from "../../../data/node-types.ts";
import { StatusMark } from "../../kit/badges.tsx";
import { Histogram, TopBars } from "../../kit/bars.tsx";
import { formatShare, formatShort, plural } from "../../kit/format.ts";
import { RichLine } from "../../kit/rich.tsx";
import { link, nodeLink } from "../../kit/route.ts";

export function Columns({ node }: { node: NodeDetail }): VNode {
  // Where columns of a test or an exposure come from is not asked.
  const hasLineage = node.kind !== "test" && node.kind !== "exposure";
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
            lineage={hasLineage ? link("lineage", ["column", node.id, column.name]) : null}
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
  /** The page of where it comes from. */
  readonly lineage: string | null;
};

const Column = ({ column, tests, isProfiled, lineage }: ColumnProps): VNode => (
  <div class={`column-row ${isProfiled ? "is-profiled" : ""}`}>
    <div>
      <div class="column-name">
        {lineage === null ? (
          <code>{column.name}</code>
        ) : (
          <a href={lineage} title="Where it comes from and where it goes">
            <code>{column.name}</code>
          </a>
        )}
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
