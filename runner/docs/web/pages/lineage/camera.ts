/** What of the scene is in sight: the point at the top left corner, and pixels of the screen for one of the scene. */
export type Camera = { readonly x: number; readonly y: number; readonly zoom: number };
export type Size = { readonly width: number; readonly height: number };

const NEAREST = 2;
const FARTHEST = 0.01;
const WIDEST_MARGIN = 48;

/** The whole of a scene, or where that would be too small to see anything, its beginning. */
export function fit(scene: Size, view: Size, smallest = FARTHEST): Camera {
  const margin = Math.min(WIDEST_MARGIN, view.width / 16);
  const whole = Math.min(
    (view.width - 2 * margin) / scene.width,
    (view.height - 2 * margin) / scene.height,
    1,
  );
  const zoom = clamp(Math.max(whole, smallest));
  const centred = (own: number, of: number): number => (own - of / zoom) / 2;
  return {
    x: scene.width * zoom > view.width ? -margin / zoom : centred(scene.width, view.width),
    y: scene.height * zoom > view.height ? -margin / zoom : centred(scene.height, view.height),
    zoom,
  };
}

/** Nearer or farther, the point of the screen staying where it is. */
export function zoomAt(
  camera: Camera,
  factor: number,
  at: { readonly x: number; readonly y: number },
): Camera {
  const zoom = clamp(camera.zoom * factor);
  return {
    x: camera.x + at.x / camera.zoom - at.x / zoom,
    y: camera.y + at.y / camera.zoom - at.y / zoom,
    zoom,
  };
}

export const pan = (camera: Camera, dx: number, dy: number): Camera => ({
  ...camera,
  x: camera.x - dx / camera.zoom,
  y: camera.y - dy / camera.zoom,
});

/** A point of the scene in the middle of the view. */
export const centreOn = (x: number, y: number, zoom: number, view: Size): Camera => ({
  x: x - view.width / zoom / 2,
  y: y - view.height / zoom / 2,
  zoom: clamp(zoom),
});

const clamp = (zoom: number): number => Math.min(NEAREST, Math.max(FARTHEST, zoom));

/** As addresses have it. */
export const printCamera = ({ x, y, zoom }: Camera): string =>
  `${Math.round(x)},${Math.round(y)},${zoom.toPrecision(3)}`;
export function readCamera(text: string | null): Camera | null {
  const [x, y, zoom] = (text ?? "").split(",").map(Number);
  if (x === undefined || y === undefined || zoom === undefined || !(zoom > 0)) return null;
  return Number.isFinite(x) && Number.isFinite(y) ? { x, y, zoom: clamp(zoom) } : null;
}
