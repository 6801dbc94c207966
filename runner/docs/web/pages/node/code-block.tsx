import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import Prism from "prismjs/components/prism-core.js";
import type { Token, TokenStream } from "prismjs";
import "prismjs/components/prism-sql.js";

/** Longer texts are shown without colours: nobody waits for them. */
const LONGEST = 200_000;

const grammar = {
  // Tags of templates before everything else: what is in them is no SQL.
  template: { pattern: /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/, greedy: true },
  ...Prism.languages["sql"],
};

/** SQL in colours: words are cut by the highlighter, and each becomes a node of its own. */
export function CodeBlock({ text }: { text: string }): VNode {
  const words = useMemo(() => (text.length > LONGEST ? [text] : Prism.tokenize(text, grammar)), [text]);
  return (
    <pre class="code" tabIndex={0} aria-label="SQL">
      <code>{words.map(draw)}</code>
    </pre>
  );
}

const draw = (word: string | Token, key: number): VNode | string =>
  typeof word === "string" ? (
    word
  ) : (
    <span key={key} class={`code-${word.type}`}>
      {drawAll(word.content)}
    </span>
  );

const drawAll = (content: TokenStream): (VNode | string)[] =>
  (Array.isArray(content) ? content : [content]).map(draw);
