export type Gestures = {
  pan(dx: number, dy: number): void;
  /** Around a point of the frame, or its middle. */
  zoom(factor: number, at: { readonly x: number; readonly y: number } | null): void;
  fit(): void;
  click(x: number, y: number): void;
  open(x: number, y: number): void;
  hover(x: number, y: number): void;
  step(key: string): boolean;
  enter(): void;
  escape(): void;
};

/** A finger trembles; so far it is still a tap. In pixels. */
const TREMBLE = 5;
const KEY_STEP = 80;
const KEY_ZOOM = 1.25;

/** Mouse, fingers and keys on a frame; the answer stops listening. */
export function listen(frame: HTMLElement, to: Gestures): () => void {
  const pointers = new Map<number, { x: number; y: number }>();
  let isTap = false;
  let began = { x: 0, y: 0 };
  const place = (event: MouseEvent): { x: number; y: number } => {
    const box = frame.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const handlers: { [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => void } = {
    pointerdown(event) {
      if (event.button !== 0) return;
      frame.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, place(event));
      isTap = pointers.size === 1;
      began = place(event);
    },
    pointermove(event) {
      const now = place(event);
      const before = pointers.get(event.pointerId);
      if (before === undefined) return to.hover(now.x, now.y);
      if (isTap && Math.hypot(now.x - began.x, now.y - began.y) <= TREMBLE) return;
      isTap = false;
      if (pointers.size === 1) to.pan(now.x - before.x, now.y - before.y);
      else {
        const other = [...pointers].find(([id]) => id !== event.pointerId)![1];
        const [was, is] = [before, now].map((point) => Math.hypot(point.x - other.x, point.y - other.y));
        to.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
        if (was! > 0) to.zoom(is! / was!, { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
      }
      pointers.set(event.pointerId, now);
    },
    pointerup(event) {
      const isLast = pointers.delete(event.pointerId) && pointers.size === 0;
      if (isLast && isTap) to.click(began.x, began.y);
    },
    pointercancel(event) {
      pointers.delete(event.pointerId);
      isTap = false;
    },
    dblclick(event) {
      const { x, y } = place(event);
      to.open(x, y);
    },
    wheel(event) {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      if (event.shiftKey) to.pan(-(event.deltaX + event.deltaY) * lines, 0);
      else to.zoom(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0016)), place(event));
    },
    keydown(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (!press(event.key, event.shiftKey)) return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
  const press = (key: string, isShifted: boolean): boolean => {
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [KEY_STEP, 0],
      ArrowRight: [-KEY_STEP, 0],
      ArrowUp: [0, KEY_STEP],
      ArrowDown: [0, -KEY_STEP],
    };
    const move = moves[key];
    if (move) {
      if (isShifted || !to.step(key)) to.pan(...move);
      return true;
    }
    if (key === "+" || key === "=") to.zoom(KEY_ZOOM, null);
    else if (key === "-") to.zoom(1 / KEY_ZOOM, null);
    else if (key === "0") to.fit();
    else if (key === "Enter") to.enter();
    else if (key === "Escape") to.escape();
    else return false;
    return true;
  };
  for (const [name, handler] of Object.entries(handlers))
    frame.addEventListener(name, handler as EventListener, { passive: false });
  return () => {
    for (const [name, handler] of Object.entries(handlers))
      frame.removeEventListener(name, handler as EventListener);
  };
}
