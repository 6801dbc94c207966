import type { VNode } from "preact";
import { useLayoutEffect, useMemo, useState } from "preact/hooks";
import { Chips } from "../../kit/chips.tsx";
import { setQuery } from "../../kit/route.ts";
import type { ColourBy } from "./colours.ts";
import { Finder } from "./finder.tsx";
import type { GraphModel } from "./graph-model.ts";

type Props = {
  readonly model: GraphModel;
  readonly query: {
    readonly selector: string;
    readonly folder: string;
    readonly tag: string;
    readonly by: ColourBy;
    readonly isList: boolean;
  };
  readonly problem: string | null;
  readonly onFind: (place: number) => void;
};

export function Toolbar({ model, query, problem, onFind }: Props): VNode {
  const { folder, tag, by, isList } = query;
  const folders = useMemo(() => [...new Set(model.nodes.map((node) => node.folder))].toSorted(), [model]);
  const tags = useMemo(() => [...new Set(model.nodes.flatMap((node) => node.tags))].toSorted(), [model]);
  const isFiltered = query.selector !== "" || folder !== "" || tag !== "";
  const [isOpen, setOpen] = useState(false);
  return (
    <div class={`lineage-bar ${isOpen ? "is-open" : ""}`}>
      <Finder model={model} onFind={onFind} />
      <button
        type="button"
        class="button lineage-more"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        Filters{isFiltered ? " ●" : ""}
      </button>
      <SelectorField selector={query.selector} problem={problem} />
      <Choose label="Folder" all="All folders" options={folders} value={folder} param="folder" />
      {tags.length > 0 ? <Choose label="Tag" all="All tags" options={tags} value={tag} param="tag" /> : null}
      {isFiltered ? (
        <button
          type="button"
          class="button lineage-filter"
          onClick={() => setQuery({ select: null, folder: null, tag: null, at: null })}
        >
          Clear
        </button>
      ) : null}
      <div class="lineage-switches lineage-filter">
        <Chips
          label="Colours"
          all={["kind", "health"] as const}
          chosen={by}
          text={(each) => (each === "kind" ? "Kind" : "Health")}
          onChoose={(each) => setQuery({ colour: each === "kind" ? null : each })}
        />
        <Chips
          label="Shown as"
          all={["graph", "list"] as const}
          chosen={isList ? "list" : "graph"}
          text={(each) => (each === "graph" ? "Graph" : "List")}
          onChoose={(each) => setQuery({ view: each === "graph" ? null : each })}
        />
      </div>
    </div>
  );
}

/** Takes effect with Enter or when it is left: half a selector is mostly a wrong one. */
function SelectorField({ selector, problem }: { selector: string; problem: string | null }): VNode {
  const [text, setText] = useState(selector);
  useLayoutEffect(() => setText(selector), [selector]);
  const apply = (): void => {
    if (text !== selector) setQuery({ select: text.trim() || null, at: null });
  };
  return (
    <form
      class="lineage-selector lineage-filter"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <input
        class="field"
        type="search"
        aria-label="Selector"
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : "selector-problem"}
        placeholder="+mart_x tag:health,path:models/marts"
        title="What to show, as --select takes it: +name, name+2, @name, tag:, path:, source:, config.materialized:; a space adds, a comma narrows"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onBlur={apply}
      />
      {problem === null ? null : (
        <p class="lineage-problem" id="selector-problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}

const Choose = ({
  label,
  all,
  options,
  value,
  param,
}: {
  label: string;
  all: string;
  options: readonly string[];
  value: string;
  param: "folder" | "tag";
}): VNode => (
  <select
    class="field lineage-filter"
    aria-label={label}
    value={value}
    onChange={(event) => setQuery({ [param]: event.currentTarget.value || null, at: null })}
  >
    <option value="">{all}</option>
    {options.map((each) => (
      <option key={each} value={each}>
        {each}
      </option>
    ))}
  </select>
);
