import type { VNode } from "preact";
import type { SiteIndex } from "../../../data/types.ts";
import { NodeName } from "../../kit/badges.tsx";
import { useFrame } from "../../kit/frame.ts";
import { plural } from "../../kit/format.ts";
import { WithData } from "../../kit/state.tsx";
import { useData } from "../../kit/use-data.ts";

export function Page(): VNode {
  const { project } = useFrame();
  const index = useData<SiteIndex>("index");
  return (
    <div class="stack">
      <h1>{project}</h1>
      <WithData data={index}>
        {({ nodes }) => (
          <section class="card">
            <h2>{plural(nodes.filter(({ kind }) => kind === "mart").length, "mart")}</h2>
            {nodes
              .filter(({ kind }) => kind === "mart")
              .map((node) => (
                <p key={node.id}>
                  <NodeName node={node} /> <span class="quiet">{node.about}</span>
                </p>
              ))}
          </section>
        )}
      </WithData>
    </div>
  );
}
