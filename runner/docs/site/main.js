"use strict";
/* Starts the page: summary, theme, deep links, keys. */
(() => {
  const { statloom } = window;
  const { data, el, nodes } = statloom;
  const root = document.documentElement;
  root.classList.add("scripted");

  function summary() {
    const counts = statloom.testCounts([
      ...new Map(data.nodes.flatMap((node) => node.tests).map((test) => [test.id, test])).values(),
    ]);
    const broken = data.nodes.filter(
      (node) => node.outcome.status === "bad" && node.kind !== "source",
    ).length;
    const models = data.nodes.filter(
      (node) => !["source", "seed", "snapshot", "exposure"].includes(node.kind),
    ).length;
    const chip = (status, text) => el("span", { class: "chip", "data-status": status }, text);
    const chips = [chip("none", statloom.plural(models, "model"))];
    if (broken > 0) chips.push(chip("bad", `${statloom.signs.bad} ${broken} failed to build`));
    if (counts.bad > 0)
      chips.push(chip("bad", `${statloom.signs.bad} ${statloom.plural(counts.bad, "test")} failed`));
    if (counts.warn > 0)
      chips.push(chip("warn", `${statloom.signs.warn} ${statloom.plural(counts.warn, "warning")}`));
    if (counts.good > 0)
      chips.push(chip("good", `${statloom.signs.good} ${statloom.plural(counts.good, "test")} passed`));
    else if (counts.all > 0) chips.push(chip("none", statloom.plural(counts.all, "test")));
    const run =
      data.run === null
        ? "not run yet"
        : `${data.run.command} · ${statloom.seconds(data.run.seconds)} · ${statloom.instant(data.run.at)}`;
    const schemas = data.schemas.length === 0 ? "" : ` · in ${data.schemas.join(", ")}`;
    document.getElementById("summary").append(...chips, el("span", { class: "when" }, `${run}${schemas}`));
  }

  /** Selects a node, or nothing, and keeps it in the address. */
  statloom.select = (id) => {
    const hash = id === null ? " " : `#${encodeURIComponent(id)}`;
    if (location.hash !== hash.trim())
      history.replaceState(null, "", id === null ? location.pathname + location.search : hash);
    statloom.showPanel(id);
    statloom.light(id);
  };

  function fromAddress() {
    let id = "";
    try {
      id = decodeURIComponent(location.hash.slice(1));
    } catch {
      // an address that was cut short names nothing
    }
    if (nodes.has(id)) statloom.select(id);
  }

  function theme() {
    const remembered = (() => {
      try {
        return localStorage.getItem("statloom-theme");
      } catch {
        return null; // storage can be forbidden
      }
    })();
    if (remembered === "dark" || remembered === "light") root.dataset.theme = remembered;
    document.getElementById("theme").addEventListener("click", () => {
      const dark = root.dataset.theme
        ? root.dataset.theme === "dark"
        : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      try {
        localStorage.setItem("statloom-theme", root.dataset.theme);
      } catch {
        // then it is forgotten with the page
      }
    });
  }

  try {
    theme();
    summary();
    statloom.startGraph();
    statloom.startSearch();
    fromAddress();
  } catch (error) {
    root.classList.remove("scripted"); // the plain list is better than half a page
    throw error;
  }
  window.addEventListener("hashchange", fromAddress);
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      document.getElementById("search").focus();
    } else if (event.key === "Escape" && !typing) {
      statloom.select(null);
    }
  });
})();
