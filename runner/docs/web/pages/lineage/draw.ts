import type { IndexNode } from "../../../data/frame-types.ts";
import type { Camera, Size } from "./camera.ts";
import type { ColourBy, Colours } from "./colours.ts";
import { NODE, nodesIn } from "./scene.ts";
import type { Box, Scene, SceneEdge, SceneNode } from "./scene.ts";

export type Look = {
  readonly nodes: readonly IndexNode[];
  readonly colours: Colours;
  readonly by: ColourBy;
  /** The node that was chosen, and all above and below it; the others step back. */
  readonly chosen: number | null;
  readonly kin: ReadonlySet<number> | null;
};

/** Below these zooms there is no room for the second line, for names, and for curves. */
const DETAILS = 0.7;
const NAMES = 0.28;
const CURVES = 0.1;
const FONT = 'Inter, system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif';

/** Draws what is in sight; `camera` in pixels of the canvas. */
export function draw(
  context: CanvasRenderingContext2D,
  scene: Scene,
  camera: Camera,
  size: Size,
  look: Look,
): void {
  const { zoom } = camera;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  context.setTransform(zoom, 0, 0, zoom, -camera.x * zoom, -camera.y * zoom);
  const box: Box = {
    left: camera.x,
    top: camera.y,
    right: camera.x + size.width / zoom,
    bottom: camera.y + size.height / zoom,
  };
  drawEdges(context, scene, box, zoom, look);
  const nodes = nodesIn(scene, box);
  if (zoom < NAMES) drawBlocks(context, nodes, look);
  else for (const node of nodes) drawCard(context, node, zoom, look);
  context.globalAlpha = 1;
}

const isBack = ({ kin }: Look, place: number): boolean => kin !== null && !kin.has(place);
const isLit = ({ kin }: Look, { from, to }: SceneEdge): boolean =>
  kin !== null && kin.has(from) && kin.has(to);

function drawEdges(
  context: CanvasRenderingContext2D,
  { edges }: Scene,
  box: Box,
  zoom: number,
  look: Look,
): void {
  const [plain, lit] = [new Path2D(), new Path2D()];
  let shown = 0;
  for (const edge of edges) {
    const { points, top, bottom } = edge;
    if (top > box.bottom || bottom < box.top) continue;
    if (points[0]![0] > box.right || points.at(-1)![0] < box.left) continue;
    // Lines that would be a haze say no more when there are all of them.
    if (zoom < CURVES && shown++ % Math.ceil(edges.length / 6000) !== 0 && look.kin === null) continue;
    addLine(isLit(look, edge) ? lit : plain, points, zoom < CURVES);
  }
  context.lineWidth = Math.max(1.3, 0.7 / zoom);
  context.strokeStyle = look.colours.line;
  context.globalAlpha = look.kin === null ? 0.85 : 0.3;
  context.stroke(plain);
  context.globalAlpha = 1;
  context.strokeStyle = look.colours.accent;
  context.lineWidth = Math.max(2, 1.1 / zoom);
  context.stroke(lit);
}

function addLine(path: Path2D, points: SceneEdge["points"], isStraight: boolean): void {
  path.moveTo(points[0]![0], points[0]![1]);
  for (let i = 1; i < points.length; i++) {
    const [x0, y0] = points[i - 1]!;
    const [x, y] = points[i]!;
    const middle = (x0 + x) / 2;
    if (isStraight || y0 === y) path.lineTo(x, y);
    else path.bezierCurveTo(middle, y0, middle, y, x, y);
  }
}

/** Blocks of one colour, as few fills as there are colours. */
function drawBlocks(context: CanvasRenderingContext2D, nodes: readonly SceneNode[], look: Look): void {
  const blocks = new Map<
    string,
    { readonly path: Path2D; readonly alpha: number; readonly colour: string }
  >();
  for (const { place, x, y } of nodes) {
    const colour = look.colours.of(look.nodes[place]!, look.by);
    const alpha = isBack(look, place) ? 0.22 : 0.9;
    const key = `${colour} ${alpha}`;
    let block = blocks.get(key);
    if (block === undefined) blocks.set(key, (block = { path: new Path2D(), alpha, colour }));
    block.path.rect(x, y, NODE.width, NODE.height);
  }
  for (const { path, alpha, colour } of blocks.values()) {
    context.globalAlpha = alpha;
    context.fillStyle = colour;
    context.fill(path);
  }
  const chosen = nodes.find(({ place }) => place === look.chosen);
  if (chosen) outline(context, chosen, look.colours.accent, 10);
}

function drawCard(context: CanvasRenderingContext2D, at: SceneNode, zoom: number, look: Look): void {
  const { x, y, place } = at;
  const node = look.nodes[place]!;
  const colour = look.colours.of(node, look.by);
  const { card, text, quiet, rule, status } = look.colours;
  context.globalAlpha = isBack(look, place) ? 0.35 : 1;
  context.beginPath();
  context.roundRect(x, y, NODE.width, NODE.height, 9);
  context.fillStyle = card;
  context.fill();
  context.strokeStyle = rule;
  context.lineWidth = Math.max(1, 0.7 / zoom);
  context.stroke();
  context.beginPath();
  context.roundRect(x, y, 6, NODE.height, [9, 0, 0, 9]);
  context.fillStyle = colour;
  context.fill();
  const isTroubled = node.status === "bad" || node.status === "warn";
  const room = NODE.width - (isTroubled ? 46 : 28);
  context.fillStyle = text;
  context.textBaseline = "middle";
  const isDetailed = zoom >= DETAILS;
  context.font = `600 ${isDetailed ? 13.5 : 17}px ${FONT}`;
  context.fillText(shortened(context, node.name, room, isDetailed), x + 17, y + (isDetailed ? 17 : 24));
  if (isDetailed) {
    context.fillStyle = quiet;
    context.font = `12px ${FONT}`;
    const [good, warn, bad, none] = node.tests;
    const tests = good + warn + bad + none;
    const words = tests === 0 ? node.shape : `${node.shape} · ${tests} ${tests === 1 ? "test" : "tests"}`;
    context.fillText(words, x + 17, y + 35);
  }
  if (isTroubled)
    drawMark(
      context,
      x + NODE.width - 17,
      y + NODE.height / 2,
      node.status === "bad",
      status[node.status],
      card,
    );
  if (place === look.chosen) outline(context, at, look.colours.accent, 2.5 / Math.min(1, zoom));
}

/** A cross or an exclamation mark: colour is never all that tells it. */
function drawMark(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  isBad: boolean,
  colour: string,
  card: string,
): void {
  context.beginPath();
  context.arc(x, y, 8.5, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  context.beginPath();
  for (const [x0, y0, x1, y1] of isBad
    ? [
        [-3, -3, 3, 3],
        [3, -3, -3, 3],
      ]
    : [
        [0, -4, 0, 1],
        [0, 3.6, 0, 4],
      ]) {
    context.moveTo(x + x0!, y + y0!);
    context.lineTo(x + x1!, y + y1!);
  }
  context.strokeStyle = card;
  context.lineWidth = 2;
  context.lineCap = "round";
  context.stroke();
  context.lineCap = "butt";
}

function outline(
  context: CanvasRenderingContext2D,
  { x, y }: SceneNode,
  colour: string,
  width: number,
): void {
  context.globalAlpha = 1;
  context.beginPath();
  context.roundRect(x - width / 2, y - width / 2, NODE.width + width, NODE.height + width, 10);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}

const known = new Map<string, string>();

/** The name as far as there is room for it; its middle goes first, as ends tell more. */
function shortened(
  context: CanvasRenderingContext2D,
  name: string,
  room: number,
  isDetailed: boolean,
): string {
  const key = `${isDetailed} ${room} ${name}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  let text = name;
  for (let kept = name.length - 1; kept > 4 && context.measureText(text).width > room; kept--)
    text = `${name.slice(0, Math.ceil(kept / 2))}…${name.slice(-Math.floor(kept / 2))}`;
  if (known.size > 20_000) known.clear();
  known.set(key, text);
  return text;
}
