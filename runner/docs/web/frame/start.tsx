import { render } from "preact";
import type { SiteFrame } from "../../data/frame-types.ts";
import { loadData } from "../kit/registry.ts";
import { Empty } from "../kit/state.tsx";
import { applyTheme } from "../kit/theme.ts";
import { App } from "./app.tsx";

/** Called by the built script with all that pages share. */
export function start(shared: Readonly<Record<string, unknown>>): void {
  globalThis.statloom.shared = shared;
  applyTheme();
  const root = document.getElementById("app")!;
  loadData<SiteFrame>("frame").then(
    (frame) => render(<App frame={frame} />, root),
    (error: Error) => render(<Empty title="The site is not whole">{error.message}</Empty>, root),
  );
}
