import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { CodeBlock } from "./code-block.tsx";

/** SQL as it was written and as it was compiled. */
export function Sql({ raw, compiled }: { raw: string; compiled: string }): VNode {
  const [shown, show] = useState<"raw" | "compiled">(raw === "" ? "compiled" : "raw");
  const text = shown === "raw" ? raw : compiled;
  const tab = (which: typeof shown, label: string): VNode => (
    <button type="button" class="chip" aria-pressed={shown === which} onClick={() => show(which)}>
      {label}
    </button>
  );
  return (
    <section class="card" id="sql">
      <div class="card-head">
        <h2>SQL</h2>
        <div class="chips">
          {raw === "" ? null : tab("raw", "As written")}
          {compiled === "" ? null : tab("compiled", "Compiled")}
          <CopyButton text={text} />
        </div>
      </div>
      <CodeBlock text={text} />
    </section>
  );
}

function CopyButton({ text }: { text: string }): VNode {
  const [word, setWord] = useState("Copy");
  const copy = (): void => {
    // Pages on disk and over plain HTTP have no clipboard of the new kind in every browser.
    const done = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard"));
    done.then(
      () => setWord("Copied"),
      () => setWord("Select it and press Ctrl-C"),
    );
    setTimeout(() => setWord("Copy"), 2000);
  };
  return (
    <button type="button" class="chip" onClick={copy} aria-live="polite">
      {word}
    </button>
  );
}
