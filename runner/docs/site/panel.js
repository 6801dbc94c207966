"use strict";
/* The details of one node. */
(() => {
  const { statloom } = window;
  const { el, nodes, signs } = statloom;
  const panel = document.getElementById("panel");

  const section = (title, ...content) => el("section", {}, el("h3", {}, title), ...content);
  const pill = (outcome, text) =>
    el(
      "span",
      { class: "pill", "data-status": outcome.status, title: outcome.message || null },
      `${signs[outcome.status]} ${text}`,
    );

  function header(node) {
    const close = el(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Close the details",
        onclick: () => statloom.select(null),
      },
      "×",
    );
    return el(
      "header",
      {},
      el(
        "div",
        { class: "panel-top" },
        el("span", { class: "kind", "data-kind": node.kind }, statloom.kinds[node.kind]),
        el("span", { class: "shape" }, node.shape === node.kind ? "" : node.shape),
        close,
      ),
      el("h2", {}, node.name),
      el("p", { class: "path" }, node.path),
    );
  }

  function lastRun({ outcome }) {
    if (outcome.status === "none") return el("p", { class: "quiet" }, "Not part of the last run.");
    const facts = [
      outcome.seconds !== null && statloom.seconds(outcome.seconds),
      outcome.rows !== null && statloom.plural(outcome.rows, "row"),
    ];
    return el(
      "div",
      { class: "outcome", "data-status": outcome.status },
      el(
        "p",
        {},
        el("b", {}, `${signs[outcome.status]} ${outcome.word}`),
        facts.filter(Boolean).map((fact) => ` · ${fact}`),
      ),
      outcome.status !== "good" && outcome.message && el("pre", { class: "message" }, outcome.message),
    );
  }

  function facts(node) {
    const rows = [["Relation", node.relation], ["Tags", node.tags.join(", ")], ...node.facts].filter(
      ([, text]) => text,
    );
    if (rows.length === 0) return null;
    return el(
      "dl",
      {},
      rows.flatMap(([name, text]) => [el("dt", {}, name), el("dd", {}, text)]),
    );
  }

  function neighbours(title, ids, all) {
    const items = ids.map((id) => {
      const node = nodes.get(id);
      return el(
        "li",
        {},
        el(
          "button",
          { type: "button", class: "link", "data-kind": node.kind, onclick: () => statloom.select(id) },
          node.name,
        ),
      );
    });
    const further = all - ids.length;
    return el(
      "div",
      { class: "neighbours" },
      el("h3", {}, title),
      ids.length === 0 ? el("p", { class: "quiet" }, "none") : el("ul", {}, items),
      further > 0 && el("p", { class: "quiet" }, `and ${further} further away`),
    );
  }

  function columns({ columns: list, tests }) {
    if (list.length === 0) return null;
    const rows = list.map(({ name, type, description }) => {
      const own = tests.filter((test) => test.column?.toLowerCase() === name.toLowerCase());
      return el(
        "li",
        {},
        el(
          "div",
          { class: "column" },
          el("code", {}, name),
          el("span", { class: "type" }, type.toLowerCase()),
          own.map((test) => pill(test.outcome, test.name)),
        ),
        description && el("p", {}, description),
      );
    });
    return section(`Columns (${list.length})`, el("ul", { class: "columns" }, rows));
  }

  /** Those that no column of the list above shows. */
  function otherTests({ columns: list, tests }) {
    const shown = new Set(list.map(({ name }) => name.toLowerCase()));
    const rest = tests.filter((test) => !shown.has(test.column?.toLowerCase() ?? ""));
    if (rest.length === 0) return null;
    const text = (test) => (test.column === null ? test.name : `${test.column}: ${test.name}`);
    return section(
      "Tests",
      el(
        "ul",
        { class: "tests" },
        rest.map((test) => el("li", {}, pill(test.outcome, text(test)))),
      ),
    );
  }

  function failures({ tests }) {
    const bad = tests.filter((test) => test.outcome.status === "bad" || test.outcome.status === "warn");
    if (bad.length === 0) return null;
    const lines = bad.map((test) =>
      el(
        "li",
        { class: "outcome", "data-status": test.outcome.status },
        el(
          "b",
          {},
          `${signs[test.outcome.status]} ${test.column === null ? "" : `${test.column}: `}${test.name}`,
        ),
        test.outcome.message && el("pre", { class: "message" }, test.outcome.message),
      ),
    );
    return section("What failed", el("ul", { class: "failures" }, lines));
  }

  function sql({ raw, compiled }) {
    const versions = [
      ["As written", raw],
      ["Compiled", compiled],
    ].filter(([, text]) => text.trim() !== "");
    if (versions.length === 0) return null;
    const code = el("code", {});
    let shown = "";
    const tabs = versions.map(([name, text]) =>
      el(
        "button",
        { type: "button", class: "tab", "aria-pressed": "false", onclick: () => show(name, text) },
        name,
      ),
    );
    const copy = el(
      "button",
      { type: "button", class: "tab copy", onclick: () => copyText(shown, copy) },
      "Copy",
    );
    const show = (name, text) => {
      shown = text;
      code.replaceChildren(...statloom.highlight(text.trim()));
      for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab.textContent === name));
    };
    show(...versions[0]);
    return section(
      "SQL",
      el("div", { class: "tabs" }, tabs, copy),
      el("pre", { class: "sql", tabindex: "0" }, code),
    );
  }

  async function copyText(text, button) {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not allowed here";
    }
    setTimeout(() => void (button.textContent = "Copy"), 1500);
  }

  /** Shows a node, or nothing at all. */
  statloom.showPanel = (id) => {
    const node = id === null ? undefined : nodes.get(id);
    panel.hidden = node === undefined;
    if (node === undefined) return panel.replaceChildren();
    panel.replaceChildren(
      ...[
        header(node),
        node.description
          ? el("p", { class: "description" }, node.description)
          : el("p", { class: "quiet" }, "No description yet."),
        section("Last run", lastRun(node)),
        failures(node),
        el(
          "div",
          { class: "sides" },
          neighbours("From", node.parents, statloom.reach(id, "parents").size),
          neighbours("To", node.children, statloom.reach(id, "children").size),
        ),
        columns(node),
        otherTests(node),
        facts(node),
        sql(node),
      ].filter((part) => part !== null),
    );
    panel.scrollTop = 0;
  };
})();
