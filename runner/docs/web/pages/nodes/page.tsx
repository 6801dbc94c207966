import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { IndexNode, SiteIndex } from "../../../data/frame-types.ts";
import type { Kind, Status } from "../../../data/types.ts";
import { KindBadge, NodeName, StatusBadge, kindName, statusName } from "../../kit/badges.tsx";
import { Chips } from "../../kit/chips.tsx";
import { formatCount, plural } from "../../kit/format.ts";
import { FoldingTable } from "../../kit/folding-table.tsx";
import type { PageProps } from "../../kit/registry.ts";
import { setQuery } from "../../kit/route.ts";
import { Empty, WithData } from "../../kit/state.tsx";
import { useData } from "../../kit/use-data.ts";

/** Rows that are drawn; more are asked for by a narrower filter. */
const MOST = 300;
const kinds: readonly Kind[] = [
  "source",
  "seed",
  "snapshot",
  "staging",
  "intermediate",
  "model",
  "mart",
  "exposure",
];
const statuses: readonly Status[] = ["bad", "warn", "good", "none"];

/** Everything there is, narrowed by kind, health, folder and name; the address keeps how. */
export function Page({ query }: PageProps): VNode {
  const index = useData<SiteIndex>("index");
  return (
    <div class="stack">
      <h1>Tables</h1>
      <WithData data={index}>{({ nodes }) => <List nodes={nodes} query={query} />}</WithData>
    </div>
  );
}

function List({ nodes, query }: { nodes: readonly IndexNode[]; query: URLSearchParams }): VNode {
  const [kind, status, folder, name] = ["kind", "health", "folder", "q"].map((key) => query.get(key) ?? "");
  const folders = useMemo(() => [...new Set(nodes.map((node) => node.folder))].toSorted(), [nodes]);
  const word = name!.toLowerCase();
  const shown = nodes.filter(
    (node) =>
      (kind === "" || node.kind === kind) &&
      (status === "" || node.status === status) &&
      (folder === "" || node.folder === folder) &&
      (word === "" || node.name.toLowerCase().includes(word) || node.tags.includes(word)),
  );
  return (
    <section class="card stack">
      <div class="filters">
        <input
          class="field"
          type="search"
          aria-label="Filter by name or tag"
          placeholder="Filter by name or tag"
          value={name}
          onInput={(event) => setQuery({ q: event.currentTarget.value || null })}
        />
        <select
          class="field"
          aria-label="Folder"
          value={folder}
          onChange={(event) => setQuery({ folder: event.currentTarget.value || null })}
        >
          <option value="">All folders</option>
          {folders.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
        <Chips
          label="Kind"
          all={kinds.filter((each) => nodes.some((node) => node.kind === each))}
          chosen={kind!}
          text={kindName}
          onChoose={(each, again) => setQuery({ kind: again ? null : each })}
        />
        <Chips
          label="Health"
          all={statuses.filter((each) => nodes.some((node) => node.status === each))}
          chosen={status!}
          text={statusName}
          onChoose={(each, again) => setQuery({ health: again ? null : each })}
        />
      </div>
      {shown.length === 0 ? (
        <Empty title="Nothing is like that">
          <a href="#/nodes">Show everything</a>
        </Empty>
      ) : (
        <Rows nodes={shown.slice(0, MOST)} />
      )}
      {shown.length > MOST ? (
        <p class="quiet">
          {formatCount(shown.length - MOST)} more of {plural(shown.length, "node")}: filter to see them.
        </p>
      ) : null}
    </section>
  );
}

const Rows = ({ nodes }: { nodes: readonly IndexNode[] }): VNode => (
  <FoldingTable heads={["Name", "Kind", "Health", { number: "Tests" }, "About"]}>
    {nodes.map((node) => (
      <tr key={node.id}>
        <td>
          <NodeName node={{ id: node.id, name: node.name, kind: node.kind }} />
        </td>
        <td>
          <KindBadge kind={node.kind} />
        </td>
        <td>
          <StatusBadge status={node.status} />
        </td>
        <td class="number">{testCount(node)}</td>
        <td class="quiet small">{node.about}</td>
      </tr>
    ))}
  </FoldingTable>
);

function testCount({ tests: [good, warn, bad, none] }: IndexNode): string {
  const all = good + warn + bad + none;
  return all === 0 ? "" : `${good}/${all}`;
}
