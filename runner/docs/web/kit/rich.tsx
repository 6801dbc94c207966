import { Fragment, h } from "preact";
import type { ComponentChild, VNode } from "preact";
import type { Rich, RichNode } from "../../data/types.ts";

/** Formatted text of a user or publisher. Nodes are made one by one, never from HTML. */
export const RichText = ({ text }: { text: Rich }): VNode => <div class="rich">{text.map(draw)}</div>;
/** The same within a line. */
export const RichLine = ({ text }: { text: Rich }): VNode => <span class="rich">{text.map(draw)}</span>;

function draw(node: RichNode, key: number): ComponentChild {
  if (typeof node === "string") return node;
  const { tag, href, children } = node;
  const attributes =
    tag === "a"
      ? { href, rel: "noreferrer noopener", ...(!href?.startsWith("#") && { target: "_blank" }) }
      : {};
  return h(tag, { key, ...attributes }, h(Fragment, null, children.map(draw)));
}
