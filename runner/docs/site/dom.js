"use strict";
/* Small things that the other scripts share. Text only ever becomes a text node, so nothing in it can run. */
(() => {
  const { statloom } = window;

  /** An element with attributes and children; `on…` attributes are listeners; null and false children are left out. */
  statloom.el = (name, attributes = {}, ...children) =>
    fill(document.createElement(name), attributes, children);
  statloom.svg = (name, attributes = {}, ...children) =>
    fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

  function fill(element, attributes, children) {
    for (const [key, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (typeof value === "function") element.addEventListener(key.slice(2), value);
      else element.setAttribute(key, value === true ? "" : String(value));
    }
    element.append(
      ...children.flat().filter((child) => child !== null && child !== undefined && child !== false),
    );
    return element;
  }

  statloom.nodes = new Map(statloom.data.nodes.map((node) => [node.id, node]));

  /** Every id that can be reached over `parents` or `children`. */
  statloom.reach = (id, side) => {
    const found = new Set();
    const waiting = [id];
    while (waiting.length > 0) {
      for (const next of statloom.nodes.get(waiting.pop())?.[side] ?? []) {
        if (!found.has(next)) waiting.push(next);
        found.add(next);
      }
    }
    return found;
  };

  statloom.number = (value) => value.toLocaleString("en-US");
  statloom.plural = (count, word) => `${statloom.number(count)} ${word}${count === 1 ? "" : "s"}`;
  statloom.seconds = (value) =>
    value < 0.001
      ? "< 1 ms"
      : value < 1
        ? `${Math.round(value * 1000)} ms`
        : value < 120
          ? `${value.toFixed(1)} s`
          : `${Math.round(value / 60)} min`;
  statloom.instant = (text) => {
    const date = new Date(text);
    return Number.isNaN(date.getTime())
      ? text
      : date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  };

  /** How many tests ended how; `status` is the worst of them. */
  statloom.testCounts = (tests) => {
    const count = { good: 0, warn: 0, bad: 0, skipped: 0, none: 0 };
    for (const test of tests) count[test.outcome.status]++;
    const status = ["bad", "warn", "skipped", "good"].find((each) => count[each] > 0) ?? "none";
    return { ...count, status, all: tests.length };
  };

  /** What a status looks like where colour alone would not be enough. */
  statloom.signs = { good: "✓", warn: "!", bad: "✗", skipped: "–", none: "○" };
})();
