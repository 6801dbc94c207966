/**
 * A reader of SQL of its own, as small as can be: the values of texts and names in a statement, in their order, and
 * `comment` for each comment. Written from the grammar of PostgreSQL, not from the printer that it checks.
 */
export function sqlValues(sql: string): string[] {
  const values: string[] = [];
  const token =
    /(?<e>\b[eE]'(?:[^'\\]|''|\\[^])*')|(?<text>'(?:[^']|'')*')|(?<name>"(?:[^"]|"")*")|(?<dollar>\$(\w*)\$[^]*?\$\5\$)|(?<line>--[^\n]*)|(?<block>\/\*)|[^]/g;
  for (let found = token.exec(sql); found !== null; found = token.exec(sql)) {
    const { e, text, name, dollar, line, block } = found.groups!;
    if (e !== undefined)
      values.push(e.slice(2, -1).replaceAll(/''|\\([^])/g, (_, char: string | undefined) => char ?? "'"));
    else if (text !== undefined) values.push(text.slice(1, -1).replaceAll("''", "'"));
    else if (name !== undefined) values.push(name.slice(1, -1).replaceAll('""', '"'));
    else if (dollar !== undefined)
      values.push(dollar.slice(dollar.indexOf("$", 1) + 1, dollar.lastIndexOf("$", dollar.length - 2)));
    else if (line !== undefined) values.push("comment");
    else if (block !== undefined) {
      let depth = 1;
      while (depth > 0 && token.lastIndex < sql.length) {
        const two = sql.slice(token.lastIndex, token.lastIndex + 2);
        if (two === "/*") depth++;
        if (two === "*/") depth--;
        token.lastIndex += two === "/*" || two === "*/" ? 2 : 1;
      }
      values.push(depth === 0 ? "comment" : "comment without end");
    }
  }
  return values;
}
