import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Camera } from "./camera.ts";
import { createStage } from "./stage.ts";
import type { Stage } from "./stage.ts";
import type { ColourBy } from "./colours.ts";
import type { GraphModel } from "./graph-model.ts";
import type { Scene } from "./scene.ts";

export type CanvasProps = {
  readonly model: GraphModel;
  readonly scene: Scene;
  readonly by: ColourBy;
  readonly chosen: number | null;
  readonly camera: Camera | null;
  readonly onChoose: (place: number | null) => void;
  readonly onOpen: (place: number) => void;
  readonly onCamera: (camera: Camera) => void;
  readonly stageRef: { current: Stage | null };
};

/** The graph, drawn on a canvas; what it shows is told in words by the panel and by the list. */
export function GraphCanvas(props: CanvasProps): VNode {
  const { model, scene, by, chosen, camera, stageRef } = props;
  const frame = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  useLayoutEffect(() => {
    const stage = createStage(frame.current!, {
      onChoose: (place) => latest.current.onChoose(place),
      onOpen: (place) => latest.current.onOpen(place),
      onCamera: (at) => latest.current.onCamera(at),
    });
    stageRef.current = stage;
    return () => {
      stageRef.current = null;
      stage.remove();
    };
  }, []);
  useLayoutEffect(() => stageRef.current!.show(model, scene, camera), [model, scene]);
  useLayoutEffect(() => stageRef.current!.style(by, chosen), [by, chosen, scene]);
  return (
    <div
      class="lineage-canvas"
      ref={frame}
      tabIndex={0}
      role="application"
      aria-roledescription="graph"
      aria-label={`Lineage graph of ${scene.nodes.length} tables. Arrow keys follow lines from the chosen table or move the view, plus and minus zoom, zero shows all, Enter opens a table's page. The same is there as a list.`}
    />
  );
}
