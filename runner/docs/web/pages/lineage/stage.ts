import { centreOn, fit, pan, zoomAt } from "./camera.ts";
import type { Camera, Size } from "./camera.ts";
import { readColours } from "./colours.ts";
import type { ColourBy, Colours } from "./colours.ts";
import { draw } from "./draw.ts";
import type { Look } from "./draw.ts";
import { listen } from "./gestures.ts";
import { kinOf } from "./graph-model.ts";
import type { GraphModel } from "./graph-model.ts";
import { NODE, nodeAt } from "./scene.ts";
import type { Scene } from "./scene.ts";

export type Stage = {
  /** Shows a scene, from where `camera` says or as a whole. */
  show(model: GraphModel, scene: Scene, camera: Camera | null): void;
  style(by: ColourBy, chosen: number | null): void;
  /** Brings a node into the middle, near enough to be read. */
  reveal(place: number): void;
  zoom(factor: number): void;
  fit(): void;
  remove(): void;
};
export type StageEvents = {
  readonly onChoose: (place: number | null) => void;
  readonly onOpen: (place: number) => void;
  readonly onCamera: (camera: Camera) => void;
};

/** What is drawn around what is in sight, in parts of it: so far the view moves without drawing anew. */
const AROUND = 0.35;
/** What is shown at first is not always the whole: a large graph would be a haze, and on a phone any graph is large. */
const firstZoom = ({ width }: Size): number => (width < 700 ? 0.65 : 0.12);
/** Near enough to read names. */
const READABLE = 0.75;
const SETTLED_MS = 120;
/** Fewer lines are drawn anew at every step. */
const BLURRED_FROM = 3000;

/** What lies in the buffer. */
type Drawn = { readonly camera: Camera; readonly size: Size; readonly look: Look };

/** A canvas within `frame`, and behind it a larger one that is drawn now and then: moving is copying. */
export function createStage(frame: HTMLElement, events: StageEvents): Stage {
  const canvas = document.createElement("canvas");
  frame.append(canvas);
  const screen = canvas.getContext("2d")!;
  const buffer = document.createElement("canvas");
  const paper = buffer.getContext("2d")!;
  let drawn: Drawn | null = null;
  let model: GraphModel | null = null;
  let scene: Scene | null = null;
  let camera: Camera = { x: 0, y: 0, zoom: 1 };
  let view: Size = { width: 1, height: 1 };
  let look: Look | null = null;
  let colours: Colours = readColours(frame);
  let by: ColourBy = "kind";
  let chosen: number | null = null;
  let wanted = 0;
  let settling = 0;
  let isStill = true;

  const ratio = (): number => Math.min(devicePixelRatio || 1, 2);
  const ask = (): void => {
    wanted ||= requestAnimationFrame(paint);
  };
  const move = (to: Camera): void => {
    camera = to;
    isStill = false;
    ask();
    clearTimeout(settling);
    settling = setTimeout(() => {
      isStill = true;
      ask();
      events.onCamera(camera);
    }, SETTLED_MS) as unknown as number;
  };

  function paint(): void {
    wanted = 0;
    if (scene === null || look === null || view.width < 2) return;
    if (drawn === null || drawn.look !== look || !suffices(drawn, scene)) drawn = redraw(scene, look);
    const { camera: from } = drawn;
    const scale = camera.zoom / from.zoom;
    screen.setTransform(1, 0, 0, 1, 0, 0);
    screen.clearRect(0, 0, canvas.width, canvas.height);
    screen.drawImage(
      buffer,
      (from.x - camera.x) * camera.zoom * ratio(),
      (from.y - camera.y) * camera.zoom * ratio(),
      buffer.width * scale,
      buffer.height * scale,
    );
  }

  /** Whether what was drawn can be shown where the view is now; while it moves, a little blurred will do. */
  function suffices({ camera: from, size }: Drawn, whole: Scene): boolean {
    const scale = camera.zoom / from.zoom;
    const isBlurred = scale !== 1;
    if (isBlurred && (isStill || whole.edges.length < BLURRED_FROM || scale > 1.6 || scale < 0.6))
      return false;
    // Beyond the ends of the scene there is nothing to draw.
    const covers = (start: number, length: number, from: number, most: number, end: number): boolean =>
      (start >= from || from <= 0) && (start + length <= from + most || from + most >= end);
    return (
      covers(camera.x, view.width / camera.zoom, from.x, size.width / from.zoom, whole.width) &&
      covers(camera.y, view.height / camera.zoom, from.y, size.height / from.zoom, whole.height)
    );
  }

  function redraw(of: Scene, withLook: Look): Drawn {
    const [dx, dy] = [view.width * AROUND, view.height * AROUND];
    const size = { width: view.width + 2 * dx, height: view.height + 2 * dy };
    const scale = ratio();
    const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)];
    if (buffer.width !== width || buffer.height !== height) [buffer.width, buffer.height] = [width, height];
    const from = { x: camera.x - dx / camera.zoom, y: camera.y - dy / camera.zoom, zoom: camera.zoom };
    draw(paper, of, { ...from, zoom: camera.zoom * scale }, { width, height }, withLook);
    return { camera: from, size, look: withLook };
  }

  function restyle(): void {
    if (model === null) return;
    const kin = chosen === null ? null : kinOf(model, chosen);
    look = { nodes: model.nodes, colours, by, chosen, kin };
    ask();
  }

  const measure = (): void => {
    const { width, height } = frame.getBoundingClientRect();
    const before = view;
    view = { width, height };
    [canvas.width, canvas.height] = [Math.round(width * ratio()), Math.round(height * ratio())];
    if (before.width < 2 && scene !== null) camera = fit(scene, view, firstZoom(view));
    else camera = pan(camera, (width - before.width) / 2, (height - before.height) / 2);
    drawn = null;
    ask();
  };
  const sizes = new ResizeObserver(measure);
  sizes.observe(frame);
  measure();
  const recolour = (): void => {
    colours = readColours(frame);
    restyle();
  };
  const themes = new MutationObserver(recolour);
  themes.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", recolour);

  const sceneAt = (x: number, y: number) =>
    scene === null ? undefined : nodeAt(scene, camera.x + x / camera.zoom, camera.y + y / camera.zoom);
  const reveal = (place: number): void => {
    const node = scene?.byPlace.get(place);
    if (node === undefined) return;
    const zoom = Math.max(camera.zoom, READABLE);
    move(centreOn(node.x + NODE.width / 2, node.y + NODE.height / 2, zoom, view));
  };
  const unlisten = listen(frame, {
    pan: (dx, dy) => move(pan(camera, dx, dy)),
    zoom(factor, at) {
      move(zoomAt(camera, factor, at ?? { x: view.width / 2, y: view.height / 2 }));
    },
    fit: () => move(fit(scene ?? view, view)),
    click: (x, y) => events.onChoose(sceneAt(x, y)?.place ?? null),
    open: (x, y) => {
      const node = sceneAt(x, y);
      if (node) events.onOpen(node.place);
    },
    hover(x, y) {
      const node = sceneAt(x, y);
      frame.classList.toggle("over-node", node !== undefined);
      frame.title = node === undefined ? "" : model!.nodes[node.place]!.name;
    },
    /** To a neighbour in the direction of the arrow; false: there is nothing chosen to go from. */
    step(key) {
      if (chosen === null || scene === null || model === null) return false;
      const next = neighbour(scene, model, chosen, key);
      if (next !== undefined) {
        // The next key may come before the page has heard of it.
        chosen = next;
        events.onChoose(next);
        reveal(next);
      }
      return true;
    },
    enter() {
      if (chosen !== null) events.onOpen(chosen);
    },
    escape: () => events.onChoose(null),
  });

  return {
    show(nextModel, nextScene, at) {
      [model, scene] = [nextModel, nextScene];
      if (at !== null) camera = at;
      else if (view.width >= 2) camera = fit(scene, view, firstZoom(view));
      drawn = null;
      restyle();
    },
    style(nextBy, nextChosen) {
      [by, chosen] = [nextBy, nextChosen];
      restyle();
    },
    reveal,
    zoom: (factor) => move(zoomAt(camera, factor, { x: view.width / 2, y: view.height / 2 })),
    fit: () => move(fit(scene ?? view, view)),
    remove() {
      cancelAnimationFrame(wanted);
      clearTimeout(settling);
      sizes.disconnect();
      themes.disconnect();
      dark.removeEventListener("change", recolour);
      unlisten();
      canvas.remove();
    },
  };
}

/** Left to a parent, right to a child, up and down within the column. */
function neighbour(scene: Scene, model: GraphModel, from: number, key: string): number | undefined {
  const here = scene.byPlace.get(from);
  if (here === undefined) return undefined;
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const near = key === "ArrowLeft" ? model.nodes[from]!.parents : model.children[from]!;
    const shown = near.flatMap((place) => scene.byPlace.get(place) ?? []);
    return shown.toSorted((a, b) => Math.abs(a.y - here.y) - Math.abs(b.y - here.y))[0]?.place;
  }
  const column = scene.columns.find(({ x }) => x === here.x)!.nodes;
  return column[column.indexOf(here) + (key === "ArrowUp" ? -1 : 1)]?.place;
}
