import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** A box for SQL that grows with it; Ctrl or ⌘ with Enter runs it. Tab leaves it, as anywhere. */
export function SqlBox({
  sql,
  onChange,
  onRun,
}: {
  sql: string;
  onChange: (sql: string) => void;
  onRun: () => void;
}): VNode {
  const box = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const element = box.current!;
    element.style.height = "auto";
    element.style.height = `${Math.min(420, element.scrollHeight + 2)}px`;
  }, [sql]);
  return (
    <textarea
      ref={box}
      class="field explore-sql"
      aria-label="SQL"
      rows={4}
      spellcheck={false}
      autocomplete="off"
      value={sql}
      onInput={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        onRun();
      }}
    />
  );
}
