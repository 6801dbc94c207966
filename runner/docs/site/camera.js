"use strict";
/* What part of the graph is in sight, and how pointers and wheel move it. */
(() => {
  const { statloom } = window;
  const { width, height, nodeWidth, nodeHeight } = statloom.data.graph;
  const [smallest, largest] = [0.05, 2.5];
  /** Below this scale the small print cannot be read and is left out. */
  const far = 0.5;
  const phone = 640;

  const frame = document.getElementById("graph");
  const panel = document.getElementById("panel");
  const view = { x: 0, y: 0, scale: 1 };
  const margin = 40;

  /** `world` holds everything that moves; `onGround` is told of a click beside every node. */
  statloom.camera = (world, onGround) => {
    const show = () => {
      world.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
      frame.classList.toggle("far", view.scale < far);
    };

    function zoom(factor, x = frame.clientWidth / 2, y = frame.clientHeight / 2) {
      const scale = Math.min(largest, Math.max(smallest, view.scale * factor));
      view.x = x - ((x - view.x) * scale) / view.scale;
      view.y = y - ((y - view.y) * scale) / view.scale;
      view.scale = scale;
      show();
    }

    /** Everything in sight; where that would be too small to read, a readable part from the left. */
    function fit() {
      const [w, h] = [width + 2 * margin, height + 2 * margin];
      const whole = Math.min(frame.clientWidth / w, frame.clientHeight / h, 1.15);
      view.scale = Math.max(whole, frame.clientWidth < phone ? 0.72 : 0.3);
      view.x = Math.max(0, (frame.clientWidth - w * view.scale) / 2);
      view.y = (frame.clientHeight - h * view.scale) / 2;
      show();
    }

    /** Brings a node into sight, and what `around` it belongs to it where there is room; moves no more than needed. */
    function reveal(node, around = []) {
      // on a phone the details lie over the graph's lower part
      const covered = frame.clientWidth < phone && !panel.hidden ? panel.offsetHeight : 0;
      const room = { width: frame.clientWidth - 32, height: frame.clientHeight - covered - 32 };
      const all = boxOf([node, ...around]);
      const fits = all.width * view.scale <= room.width && all.height * view.scale <= room.height;
      const box = fits ? all : boxOf([node]);
      const [left, top] = [
        view.x + (box.x + margin) * view.scale - 16,
        view.y + (box.y + margin) * view.scale - 16,
      ];
      const [w, h] = [box.width * view.scale, box.height * view.scale];
      if (left < 0 || left + w > room.width) view.x += (room.width - w) / 2 - left;
      if (top < 0 || top + h > room.height) view.y += (room.height - h) / 2 - top;
      show();
    }

    function boxOf(list) {
      const xs = list.map((each) => each.x);
      const ys = list.map((each) => each.y);
      const least = (values) => values.reduce((a, b) => Math.min(a, b));
      const most = (values) => values.reduce((a, b) => Math.max(a, b));
      const [x, y] = [least(xs), least(ys)];
      return { x, y, width: most(xs) - x + nodeWidth, height: most(ys) - y + nodeHeight };
    }

    listen(zoom, show, onGround);
    return { zoom, fit, reveal, margin };
  };

  function listen(zoom, show, onGround) {
    const held = new Map();
    let moved = 0;
    const centre = () => {
      const points = [...held.values()];
      const x = points.reduce((sum, point) => sum + point.x, 0) / points.length;
      const y = points.reduce((sum, point) => sum + point.y, 0) / points.length;
      return { x, y, spread: Math.hypot(points[0].x - x, points[0].y - y) };
    };

    frame.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.target.closest(".controls, .legend")) return;
      held.set(event.pointerId, { x: event.clientX, y: event.clientY });
      moved = 0;
    });
    window.addEventListener("pointermove", (event) => {
      if (!held.has(event.pointerId)) return;
      const before = centre();
      held.set(event.pointerId, { x: event.clientX, y: event.clientY });
      const after = centre();
      moved += Math.hypot(after.x - before.x, after.y - before.y);
      if (moved < 4 && held.size === 1) return; // a hand that trembles is no drag
      frame.classList.add("moving");
      view.x += after.x - before.x;
      view.y += after.y - before.y;
      const box = frame.getBoundingClientRect();
      if (held.size > 1 && before.spread > 0) {
        zoom(after.spread / before.spread, after.x - box.left, after.y - box.top);
      }
      show();
    });
    const release = (event) => {
      held.delete(event.pointerId);
      if (held.size === 0) frame.classList.remove("moving");
    };
    window.addEventListener("pointerup", release);
    window.addEventListener("pointercancel", release);
    frame.addEventListener(
      "click",
      (event) => {
        if (event.target.closest(".controls, .legend") || event.detail === 0) return; // detail 0: from the keyboard
        if (moved >= 4) event.stopPropagation();
        else if (!event.target.closest(".node")) onGround();
      },
      true,
    );
    frame.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const box = frame.getBoundingClientRect();
        const factor = Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016));
        zoom(factor, event.clientX - box.left, event.clientY - box.top);
      },
      { passive: false },
    );
  }
})();
