import type { VNode } from "preact";
import type { LineageFacts } from "../../../data/lineage-types.ts";
import type { SiteIndex } from "../../../data/frame-types.ts";
import type { PageProps } from "../../kit/registry.ts";
import { WithData } from "../../kit/state.tsx";
import { useData } from "../../kit/use-data.ts";
import { ColumnView } from "./columns/column-view.tsx";
import { GraphView } from "./graph-view.tsx";
import "./page.css";

/** `#/lineage`: how tables follow from each other; `#/lineage/column/<id>/<column>`: how one column does. */
export function Page({ path: [kind, id = "", column = ""], query }: PageProps): VNode {
  const index = useData<SiteIndex>("index");
  const facts = useData<LineageFacts>(kind === "column" ? null : "lineage");
  return (
    <WithData data={index}>
      {({ nodes }) =>
        kind === "column" ? (
          <ColumnView key={`${id} ${column}`} nodes={nodes} id={id} column={column} />
        ) : (
          <WithData data={facts}>
            {(known) => <GraphView nodes={nodes} facts={known} query={query} />}
          </WithData>
        )
      }
    </WithData>
  );
}
