import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { bucketOf } from "../../../data/bucket-of.ts";
import type { NodeBucket, NodeDetail } from "../../../data/node-types.ts";
import { useFrame } from "../../kit/frame.ts";
import type { PageProps } from "../../kit/registry.ts";
import { Empty, WithData } from "../../kit/state.tsx";
import { useData } from "../../kit/use-data.ts";
import { Builds } from "./builds.tsx";
import { Columns } from "./columns.tsx";
import { DatasetCards } from "./dataset.tsx";
import { ExampleRows } from "./example-rows.tsx";
import { Heading } from "./heading.tsx";
import { Side } from "./side.tsx";
import { Sql } from "./sql.tsx";
import { TestTable } from "./test-table.tsx";
import "./page.css";

/** Everything about one node or test. */
export function Page({ path: [id = ""] }: PageProps): VNode {
  const { buckets } = useFrame();
  const bucket = useData<NodeBucket>(`node-${bucketOf(id, buckets)}`);
  return (
    <WithData data={bucket}>
      {(nodes) => {
        const node = Object.hasOwn(nodes, id) ? nodes[id] : undefined;
        return node === undefined ? (
          <Empty title={`There is no ${id} in this project`}>
            It may have been renamed or removed. <a href="#/nodes">See what there is</a>
          </Empty>
        ) : (
          <Details node={node} key={id} />
        );
      }}
    </WithData>
  );
}

function Details({ node }: { node: NodeDetail }): VNode {
  const { project } = useFrame();
  useEffect(() => {
    document.title = `${node.name} · ${project}`;
  }, [node.name]);
  return (
    <>
      <Heading node={node} />
      <div class="node-grid">
        <div class="stack">
          {node.dataset === null ? null : <DatasetCards dataset={node.dataset} />}
          {node.columns.length > 0 ? <Columns node={node} /> : null}
          {node.example === null ? null : <ExampleRows example={node.example} rows={node.rows} />}
          {node.tests.length > 0 ? <TestTable tests={node.tests} own={node.kind === "test"} /> : null}
          {node.builds.length > 0 ? <Builds builds={node.builds} /> : null}
          {node.raw !== "" || node.compiled !== "" ? <Sql raw={node.raw} compiled={node.compiled} /> : null}
        </div>
        <Side node={node} />
      </div>
    </>
  );
}
