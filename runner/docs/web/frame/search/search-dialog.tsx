import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { SearchIndex } from "../../../data/frame-types.ts";
import { KindBadge } from "../../kit/badges.tsx";
import { nodeLink } from "../../kit/route.ts";
import { useData } from "../../kit/use-data.ts";
import { find, prepare } from "./find.ts";

const MOST = 30;

/** A box over the page: type, arrows, Enter. What can be found is loaded when it opens first. */
export function SearchDialog({ close }: { close: () => void }): VNode {
  const { value: index, error } = useData<SearchIndex>("search");
  const prepared = useMemo(() => prepare(index?.entries ?? []), [index]);
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(0);
  const found = useMemo(() => find(prepared, query, MOST), [prepared, query]);
  const dialog = useRef<HTMLDialogElement>(null);
  // Before anything is drawn: what is typed at once belongs into the box.
  useLayoutEffect(() => {
    dialog.current!.showModal();
  }, []);
  useEffect(() => {
    dialog.current!.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [chosen, found]);

  const open = (id: string): void => {
    location.hash = nodeLink(id);
    close();
  };
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setChosen((place) => Math.max(0, Math.min(found.length - 1, place + step)));
    else if (event.key === "Enter" && found[chosen]) open(found[chosen].entry.id);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      class="search"
      aria-label="Search"
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <div class="search-box">
        <input
          type="search"
          role="combobox"
          list={undefined}
          aria-expanded={found.length > 0}
          aria-controls="search-results"
          aria-activedescendant={found.length > 0 ? `found-${chosen}` : undefined}
          aria-label="Search names, columns, descriptions and labels"
          placeholder="Search names, columns, descriptions, labels"
          autocomplete="off"
          spellcheck={false}
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={press}
        />
        <button type="button" class="icon-button" onClick={close} aria-label="Close the search">
          <kbd>Esc</kbd>
        </button>
      </div>
      <ul id="search-results" role="listbox" aria-label="Results">
        {found.map(({ entry, where }, place) => (
          <li
            key={entry.id}
            id={`found-${place}`}
            role="option"
            aria-selected={place === chosen}
            onMouseMove={() => setChosen(place)}
            onClick={() => open(entry.id)}
          >
            <div class="found-name">
              <span>{entry.name}</span>
              <KindBadge kind={entry.kind} />
            </div>
            <div class="found-about">{where === null ? entry.about : `${where} · ${entry.about}`}</div>
          </li>
        ))}
      </ul>
      {query.trim() !== "" && found.length === 0 && index !== undefined ? (
        <p class="search-none">Nothing holds “{query.trim()}”.</p>
      ) : null}
      {error === null ? null : <p class="search-none">{error}</p>}
    </dialog>
  );
}
