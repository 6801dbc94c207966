"use strict";
/* The lineage graph: buttons for nodes over one drawing of lines; keys, and what is lit. */
(() => {
  const { statloom } = window;
  const { data, el, svg, nodes } = statloom;
  const { width, height, nodeWidth, nodeHeight } = data.graph;

  statloom.kinds = {
    source: "Source",
    seed: "Seed",
    staging: "Staging",
    snapshot: "Snapshot",
    intermediate: "Intermediate",
    mart: "Mart",
    model: "Model",
    exposure: "Exposure",
  };

  /** From so many nodes on, drawing is kept plain so that it stays quick. */
  const many = 600;

  const frame = document.getElementById("graph");
  const lines = svg("svg", { class: "lines", "aria-hidden": "true" });
  const world = el("div", { class: "world" }, lines);
  const camera = statloom.camera(world, () => statloom.select(null));
  const { margin } = camera;
  const buttons = new Map();
  const paths = [];
  let selected = null;
  let revealSelected = () => {};

  /** Smooth from one column to the next, straight through the lanes. */
  function pathOf([[startX, startY], ...rest]) {
    let [x, y] = [startX, startY];
    const parts = rest.map(([toX, toY], i) => {
      const bend = Math.max(24, (toX - x) / 2);
      const part = i % 2 === 0 ? `C${x + bend} ${y} ${toX - bend} ${toY} ${toX} ${toY}` : `L${toX} ${toY}`;
      [x, y] = [toX, toY];
      return part;
    });
    return `M${startX} ${startY}${parts.join("")}`;
  }

  function drawLines() {
    lines.setAttribute("width", width + 2 * margin);
    lines.setAttribute("height", height + 2 * margin);
    const group = svg("g", { transform: `translate(${margin} ${margin})` });
    for (const edge of data.edges) {
      const path = svg("path", { d: pathOf(edge.points), class: "line" });
      paths.push({ edge, path });
      group.append(path);
    }
    lines.append(group);
  }

  function nodeButton(node) {
    const counts = statloom.testCounts(node.tests);
    const { outcome } = node;
    const sign = (name, status, text) => el("span", { class: name, "data-status": status }, text);
    const notGood = counts.bad || counts.warn || counts.skipped;
    const tests = `${statloom.signs[counts.status]} ${notGood ? `${notGood}/` : ""}${counts.all}`;
    const measure =
      outcome.rows !== null
        ? statloom.plural(outcome.rows, "row")
        : outcome.seconds !== null && statloom.seconds(outcome.seconds);
    const label = [
      `${statloom.kinds[node.kind]} ${node.name}`,
      outcome.word,
      counts.all > 0 && statloom.plural(counts.all, "test"),
      counts.bad > 0 && `${counts.bad} failed`,
    ];
    const button = el(
      "button",
      {
        type: "button",
        class: "node",
        tabindex: "-1",
        "data-kind": node.kind,
        "data-status": outcome.status,
        "aria-label": label.filter(Boolean).join(", "),
        title: node.name,
        onclick: () => statloom.select(node.id),
        onpointerenter: () => touch(node.id, true),
        onpointerleave: () => touch(node.id, false),
      },
      el(
        "span",
        { class: "row" },
        el("span", { class: "name" }, node.name),
        outcome.status !== "none" && sign("dot", outcome.status, statloom.signs[outcome.status]),
      ),
      el(
        "span",
        { class: "row" },
        el("span", { class: "meta" }, [node.shape, measure].filter(Boolean).join(" · ")),
        counts.all > 0 && sign("badge", counts.status, tests),
      ),
    );
    button.style.transform = `translate(${node.x + margin}px, ${node.y + margin}px)`;
    button.style.width = `${nodeWidth}px`;
    button.style.height = `${nodeHeight}px`;
    return button;
  }

  /** Shows which lines belong to the node under the pointer. */
  function touch(id, on) {
    for (const { edge, path } of paths) {
      if (edge.from === id || edge.to === id) path.classList.toggle("near", on);
    }
  }

  /** Lights a node with all that it comes from and all that comes from it; null: everything as it was. */
  statloom.light = (id) => {
    if (selected !== null) buttons.get(selected).removeAttribute("aria-current");
    selected = id;
    const up = id === null ? new Set() : statloom.reach(id, "parents").add(id);
    const down = id === null ? new Set() : statloom.reach(id, "children").add(id);
    frame.classList.toggle("focused", id !== null);
    for (const [each, button] of buttons) button.classList.toggle("lit", up.has(each) || down.has(each));
    for (const { edge, path } of paths) {
      const onTheWay = [up, down].some((side) => side.has(edge.from) && side.has(edge.to));
      path.classList.toggle("lit", onTheWay);
    }
    revealSelected = () => {};
    if (id === null) return;
    buttons.get(id).setAttribute("aria-current", "true");
    makeTabStop(id);
    revealSelected = () =>
      camera.reveal(
        nodes.get(id),
        [...up, ...down].map((each) => nodes.get(each)),
      );
    revealSelected();
  };

  /** One node at a time can be reached with Tab; arrows lead on from there. */
  function makeTabStop(id) {
    for (const button of frame.querySelectorAll('.node[tabindex="0"]')) button.tabIndex = -1;
    buttons.get(id).tabIndex = 0;
  }

  statloom.focusNode = (id) => buttons.get(id)?.focus({ preventScroll: true });

  const nearestTo = (from, candidates) =>
    candidates.sort((a, b) => Math.abs(a.y - from.y) - Math.abs(b.y - from.y))[0];
  const sameColumn = (from, wanted) =>
    nearestTo(
      from,
      data.nodes.filter((node) => node.layer === from.layer && wanted(node.y)),
    );
  const steps = {
    ArrowLeft: (from) =>
      nearestTo(
        from,
        from.parents.map((id) => nodes.get(id)),
      ),
    ArrowRight: (from) =>
      nearestTo(
        from,
        from.children.map((id) => nodes.get(id)),
      ),
    ArrowUp: (from) => sameColumn(from, (y) => y < from.y),
    ArrowDown: (from) => sameColumn(from, (y) => y > from.y),
  };

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "=") camera.zoom(1.2);
    else if (event.key === "-") camera.zoom(1 / 1.2);
    else if (event.key === "0") camera.fit();
    const here = data.nodes.find((node) => buttons.get(node.id) === document.activeElement);
    const step = steps[event.key];
    if (here === undefined || step === undefined) return;
    event.preventDefault();
    const next = step(here);
    if (next === undefined) return;
    makeTabStop(next.id);
    statloom.focusNode(next.id);
    camera.reveal(next);
  }

  function controls() {
    const button = (label, sign, onclick) =>
      el(
        "button",
        { type: "button", class: "icon-button", "aria-label": label, title: label, onclick },
        sign,
      );
    return el(
      "div",
      { class: "controls" },
      button("Zoom in", "+", () => camera.zoom(1.25)),
      button("Zoom out", "−", () => camera.zoom(0.8)),
      button("Show everything", "⤢", camera.fit),
    );
  }

  function legend() {
    const items = Object.entries(statloom.kinds).flatMap(([kind, name]) => {
      const count = data.nodes.filter((node) => node.kind === kind).length;
      return count === 0
        ? []
        : [el("li", { "data-kind": kind }, name, el("span", {}, statloom.number(count)))];
    });
    return el("ul", { class: "legend", "aria-label": "Colours" }, items);
  }

  statloom.startGraph = () => {
    frame.classList.toggle("many", data.nodes.length > many);
    drawLines();
    world.style.width = `${width + 2 * margin}px`;
    world.style.height = `${height + 2 * margin}px`;
    for (const node of data.nodes) {
      const button = nodeButton(node);
      buttons.set(node.id, button);
      world.append(button);
    }
    frame.append(world, legend(), controls());
    if (data.nodes.length > 0) makeTabStop(data.nodes[0].id);
    else
      frame.append(el("p", { class: "empty" }, "There is nothing to draw yet: this project has no models."));
    frame.addEventListener("keydown", onKey);
    camera.fit();
    new ResizeObserver(() => revealSelected()).observe(frame);
  };
})();
