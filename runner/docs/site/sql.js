"use strict";
/* Colours for SQL: enough to read it by, made of spans around text nodes. */
(() => {
  const { statloom } = window;
  const keywords = new Set(
    (
      "all and any as asc between by case cast coalesce cross current_date current_timestamp date delete desc distinct else end except exclude " +
      "exists extract false filter first following from full group grouping having ilike in inner insert intersect interval into is join lag " +
      "last lateral lead left like limit materialized natural not null nulls offset on or order outer over partition preceding qualify " +
      "range recursive replace right row rows select set table then true try_cast unbounded union unnest update using values view when where window with"
    ).split(" "),
  );
  const token =
    /(?<tag>\{\{[\s\S]*?\}\})|(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>'(?:[^']|'')*')|(?<name>"(?:[^"]|"")*")|(?<number>\b\d+(?:\.\d+)?\b)|(?<word>\b[a-z_]\w*\b)/gi;

  statloom.highlight = (sql) => {
    const parts = [];
    let end = 0;
    for (const match of sql.matchAll(token)) {
      const kind = Object.keys(match.groups).find((key) => match.groups[key] !== undefined);
      const shown = kind === "word" ? (keywords.has(match[0].toLowerCase()) ? "keyword" : null) : kind;
      if (shown === null) continue;
      parts.push(sql.slice(end, match.index), statloom.el("span", { class: `sql-${shown}` }, match[0]));
      end = match.index + match[0].length;
    }
    return [...parts, sql.slice(end)];
  };
})();
