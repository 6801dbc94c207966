import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { SearchDialog } from "./search-dialog.tsx";

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(?:input|textarea|select)$/i.test(target.tagName));

/** Opens the search; so do `/` and Ctrl-K or ⌘K. */
export function SearchButton(): VNode {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const isCommand = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
      if (
        !isCommand &&
        (event.key !== "/" || isTyping(event) || event.ctrlKey || event.metaKey || event.altKey)
      )
        return;
      event.preventDefault();
      setOpen(true);
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
  return (
    <>
      <button type="button" class="search-button" onClick={() => setOpen(true)} aria-label="Search">
        <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" class="line-icon">
          <path d="m20 20-4.5-4.5M18 11a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z" />
        </svg>
        <span>Search</span>
        <kbd aria-hidden="true">/</kbd>
      </button>
      {isOpen ? <SearchDialog close={() => setOpen(false)} /> : null}
    </>
  );
}
