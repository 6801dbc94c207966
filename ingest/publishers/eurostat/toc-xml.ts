import { OperationError } from "../../../runner/base/errors.ts";
import { attribute, child, children, parseXml, textOf } from "../xml.ts";
import type { Theme } from "../publisher.ts";
import type { Leaf } from "./gather-entries.ts";

/** The same as the tabular form, in all languages at once: `nt:tree` of `nt:branch` and `nt:leaf`. */
export function readTocXml(bytes: Uint8Array, language: string): Iterable<Leaf> {
  const text = Buffer.from(bytes).toString("utf8");
  if (!/<\/(?:\w+:)?tree>\s*$/.test(text.slice(-1000)))
    throw new OperationError("CATALOG_INVALID", "the catalogue ends in the middle", { retryable: true });
  const document = parseXml(text);
  return leavesBelow(child(document, "tree"), [], language);
}

function* leavesBelow(parent: unknown, path: readonly Theme[], language: string): Generator<Leaf> {
  for (const leaf of children(parent, "leaf")) {
    const text = (name: string): string => textOf(child(leaf, name)) ?? "";
    yield {
      code: text("code"),
      title: titleIn(leaf, language),
      type: attribute(leaf, "type") ?? "",
      path,
      updated: text("lastUpdate"),
      structureUpdated: text("lastModified"),
      start: text("dataStart"),
      end: text("dataEnd"),
      values: text("values"),
    };
  }
  for (const branch of children(parent, "branch")) {
    const theme = { code: textOf(child(branch, "code")) ?? "", title: titleIn(branch, language) };
    yield* leavesBelow(child(branch, "children"), [...path, theme], language);
  }
}

function titleIn(element: unknown, language: string): string {
  const titles = children(element, "title");
  const own = titles.find((title) => attribute(title, "language") === language);
  return textOf(own ?? titles[0]) ?? "";
}
