/**
 * The names of an object's members in the order they were written. `JSON.parse` loses it: names that look like whole
 * numbers come first there, in rising order. `text` must be JSON; returns undefined when the path leads nowhere.
 */
export function memberOrder(text: string, path: readonly string[]): readonly string[] | undefined {
  const tokens = text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g);
  const names: string[] = [];
  /** One entry an open bracket; `name` is the member being read, or the index of the element. */
  const stack: { readonly isObject: boolean; name: string; expectsName: boolean; index: number }[] = [];
  const inTarget = (): boolean =>
    stack.length === path.length + 1 && path.every((name, i) => stack[i]!.name === name);
  let found = false;
  for (const [token] of tokens) {
    const top = stack.at(-1);
    if (token === "{" || token === "[") {
      stack.push({ isObject: token === "{", name: "0", expectsName: token === "{", index: 0 });
      if (token === "{" && inTarget()) found = true;
    } else if (token === "}" || token === "]") {
      if (found && inTarget()) return names;
      stack.pop();
    } else if (token === "," && top !== undefined) {
      top.expectsName = top.isObject;
      top.name = String(++top.index);
    } else if (top?.expectsName === true && token.startsWith('"')) {
      top.name = JSON.parse(token) as string;
      top.expectsName = false;
      if (found && inTarget()) names.push(top.name);
    }
  }
  return undefined;
}
