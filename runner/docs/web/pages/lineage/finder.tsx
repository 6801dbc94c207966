import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import { KindBadge } from "../../kit/badges.tsx";
import type { GraphModel } from "./graph-model.ts";

const MOST = 12;

/** Type a part of a name, choose, and the graph goes there. */
export function Finder({ model, onFind }: { model: GraphModel; onFind: (place: number) => void }): VNode {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const word = text.trim().toLowerCase();
  const found = useMemo(() => findNames(model, word), [model, word]);
  const pick = (place: number): void => {
    setText("");
    onFind(place);
  };
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setAt(Math.max(0, Math.min(found.length - 1, at + step)));
    else if (event.key === "Enter" && found[at] !== undefined) pick(found[at]);
    else if (event.key === "Escape" && text !== "") setText("");
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="lineage-find">
      <input
        class="field"
        type="search"
        role="combobox"
        list={undefined}
        aria-label="Find a table"
        aria-expanded={found.length > 0}
        aria-controls="lineage-found"
        aria-autocomplete="list"
        aria-activedescendant={found.length > 0 ? `lineage-found-${at}` : undefined}
        placeholder="Find a table"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <ul id="lineage-found" role="listbox" aria-label="Tables" hidden={found.length === 0}>
        {found.map((place, i) => (
          <li
            key={place}
            id={`lineage-found-${i}`}
            role="option"
            aria-selected={i === at}
            onMouseMove={() => setAt(i)}
            onClick={() => pick(place)}
          >
            <span>{model.nodes[place]!.name}</span>
            <KindBadge kind={model.nodes[place]!.kind} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Names that begin so come first. */
function findNames({ nodes }: GraphModel, word: string): number[] {
  if (word === "") return [];
  const starts: number[] = [];
  const holds: number[] = [];
  for (const [place, { name }] of nodes.entries()) {
    const where = name.toLowerCase().indexOf(word);
    if (where === 0) starts.push(place);
    else if (where > 0) holds.push(place);
  }
  return [...starts, ...holds].slice(0, MOST);
}
