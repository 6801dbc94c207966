"use strict";
/* Search over names, columns, tags and descriptions, with the keyboard. */
(() => {
  const { statloom } = window;
  const { data, el } = statloom;
  const input = document.getElementById("search");
  const list = document.getElementById("results");
  const most = 12;
  let at = -1;

  const index = data.nodes.map((node) => ({
    node,
    name: node.name.toLowerCase(),
    columns: node.columns.map((column) => column.name),
    tags: node.tags.join(" ").toLowerCase(),
    text: node.description.toLowerCase(),
  }));

  /** Where a word was found, best first: 0 is the beginning of a name. */
  function rank(entry, word) {
    const place = entry.name.indexOf(word);
    if (place === 0) return { score: 0, why: "" };
    if (place > 0) return { score: 1, why: "" };
    const column = entry.columns.find((name) => name.toLowerCase().includes(word));
    if (column !== undefined) return { score: 2, why: `column ${column}` };
    if (entry.tags.includes(word)) return { score: 3, why: "tag" };
    const found = entry.text.indexOf(word);
    if (found === -1) return null;
    return { score: 4, why: `…${entry.node.description.slice(Math.max(0, found - 20), found + 50)}…` };
  }

  function find(word) {
    const hits = index.flatMap((entry) => {
      const hit = rank(entry, word);
      return hit === null ? [] : [{ ...hit, node: entry.node }];
    });
    return hits.sort((a, b) => a.score - b.score || a.node.name.length - b.node.name.length);
  }

  function show() {
    const word = input.value.trim().toLowerCase();
    const hits = word === "" ? [] : find(word);
    at = hits.length > 0 ? 0 : -1;
    const items = hits.slice(0, most).map(({ node, why }, i) =>
      el(
        "li",
        {
          role: "option",
          id: `result-${i}`,
          "data-kind": node.kind,
          "data-id": node.id,
          onpointerdown: (event) => {
            event.preventDefault();
            go(node.id);
          },
        },
        el("span", { class: "name" }, node.name),
        el("span", { class: "why" }, why || node.shape),
      ),
    );
    if (word !== "" && hits.length === 0)
      items.push(el("li", { class: "none" }, "Nothing is called that, or has it in a description."));
    if (hits.length > most) items.push(el("li", { class: "none" }, `and ${hits.length - most} more`));
    list.replaceChildren(...items);
    open(word !== "");
    mark();
  }

  function open(on) {
    list.hidden = !on;
    input.setAttribute("aria-expanded", String(on));
  }

  function mark() {
    const options = [...list.querySelectorAll("[role=option]")];
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    if (options[at]) input.setAttribute("aria-activedescendant", options[at].id);
    else input.removeAttribute("aria-activedescendant");
    options[at]?.scrollIntoView({ block: "nearest" });
  }

  function go(id) {
    open(false);
    input.value = "";
    statloom.select(id);
    statloom.focusNode(id);
  }

  statloom.startSearch = () => {
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": "results",
      "aria-autocomplete": "list",
    })) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", show);
    input.addEventListener("focus", show);
    input.addEventListener("blur", () => open(false));
    input.addEventListener("keydown", (event) => {
      const options = list.querySelectorAll("[role=option]");
      if (event.key === "ArrowDown") at = Math.min(options.length - 1, at + 1);
      else if (event.key === "ArrowUp") at = Math.max(0, at - 1);
      else if (event.key === "Enter" && options[at]) return go(options[at].dataset.id);
      else if (event.key === "Escape") return ((input.value = ""), open(false), input.blur());
      else return;
      event.preventDefault();
      mark();
    });
  };
})();
