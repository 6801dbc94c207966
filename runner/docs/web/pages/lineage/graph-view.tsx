import type { VNode } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { LineageFacts } from "../../../data/lineage-types.ts";
import type { IndexNode } from "../../../data/frame-types.ts";
import { formatCount, plural } from "../../kit/format.ts";
import { nodeLink, setQuery } from "../../kit/route.ts";
import { Empty } from "../../kit/state.tsx";
import { GraphCanvas } from "./canvas.tsx";
import { printCamera, readCamera } from "./camera.ts";
import { choose } from "./choose.ts";
import { graphModel } from "./graph-model.ts";
import { Legend } from "./legend.tsx";
import { NodeList } from "./node-list.tsx";
import { NodePanel } from "./node-panel.tsx";
import { makeScene } from "./scene.ts";
import type { Stage } from "./stage.ts";
import { Toolbar } from "./toolbar.tsx";
import { ZoomButtons } from "./zoom-buttons.tsx";

type Props = {
  readonly nodes: readonly IndexNode[];
  readonly facts: LineageFacts;
  readonly query: URLSearchParams;
};

/** The graph of tables. Everything that can be set is in the address: a link shows what its sender saw. */
export function GraphView({ nodes, facts, query }: Props): VNode {
  const [selector, folder, tag] = ["select", "folder", "tag"].map((key) => query.get(key) ?? "") as [
    string,
    string,
    string,
  ];
  const by = query.get("colour") === "health" ? "health" : "kind";
  const isList = query.get("view") === "list";
  const model = useMemo(() => graphModel(nodes, facts), [nodes, facts]);
  const choice = useMemo(() => choose(model, selector), [model, selector]);
  const places = useMemo(
    () =>
      new Set(
        [...choice.places].filter(
          (place) =>
            (folder === "" || nodes[place]!.folder === folder) &&
            (tag === "" || nodes[place]!.tags.includes(tag)),
        ),
      ),
    [choice, folder, tag],
  );
  const scene = useMemo(() => makeScene(model, places), [model, places]);
  const stage = useRef<Stage | null>(null);
  const chosen = model.placeOf.get(query.get("node") ?? "") ?? null;
  const camera = readCamera(query.get("at"));
  useEffect(() => {
    if (chosen !== null && camera === null) stage.current?.reveal(chosen);
  }, [scene, isList]);

  const pick = (place: number | null): void => setQuery({ node: place === null ? null : nodes[place]!.id });
  const reveal = (place: number): void => {
    if (!places.has(place)) setQuery({ select: null, folder: null, tag: null, at: null });
    pick(place);
    requestAnimationFrame(() => stage.current?.reveal(place));
  };
  const count = (
    <p class="lineage-count" role="status">
      {places.size === nodes.length
        ? plural(nodes.length, "table")
        : `${formatCount(places.size)} of ${plural(nodes.length, "table")}`}
    </p>
  );
  return (
    <div class="lineage">
      <h1 class="hidden-label">Lineage</h1>
      <Toolbar
        model={model}
        query={{ selector, folder, tag, by, isList }}
        problem={choice.problem}
        onFind={reveal}
      />
      <div class="lineage-stage">
        {places.size === 0 ? (
          <Empty title="Nothing is left to draw">Take away a filter, or write another selector.</Empty>
        ) : isList ? (
          <NodeList model={model} places={places} onPick={pick} count={count} />
        ) : (
          <div class="lineage-view">
            <GraphCanvas
              model={model}
              scene={scene}
              by={by}
              chosen={chosen}
              camera={camera}
              stageRef={stage}
              onChoose={pick}
              onOpen={(place) => void (location.hash = nodeLink(nodes[place]!.id))}
              onCamera={(at) => setQuery({ at: printCamera(at) })}
            />
            <Legend nodes={nodes} places={places} by={by} />
            <ZoomButtons stage={stage} />
            {count}
          </div>
        )}
        {chosen === null ? null : (
          <NodePanel
            key={chosen}
            model={model}
            place={chosen}
            onClose={() => pick(null)}
            onFocus={(focus) => setQuery({ select: focus, folder: null, tag: null, at: null })}
          />
        )}
      </div>
    </div>
  );
}
