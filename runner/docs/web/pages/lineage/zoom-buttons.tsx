import type { VNode } from "preact";
import type { Stage } from "./stage.ts";

const STEP = 1.4;

export function ZoomButtons({ stage }: { stage: { current: Stage | null } }): VNode {
  const buttons: readonly (readonly [label: string, path: string, act: () => void])[] = [
    ["Zoom in", "M12 5v14M5 12h14", () => stage.current?.zoom(STEP)],
    ["Zoom out", "M5 12h14", () => stage.current?.zoom(1 / STEP)],
    ["Show all", "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5", () => stage.current?.fit()],
  ];
  return (
    <div class="lineage-zoom">
      {buttons.map(([label, path, act]) => (
        <button key={label} type="button" class="icon-button" aria-label={label} title={label} onClick={act}>
          <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" class="line-icon">
            <path d={path} />
          </svg>
        </button>
      ))}
    </div>
  );
}
