import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { bucketOf } from "../../../data/bucket-of.ts";
import type { ColumnBucket } from "../../../data/lineage-types.ts";
import { KindBadge, StatusBadge } from "../../kit/badges.tsx";
import { plural } from "../../kit/format.ts";
import { useFrame } from "../../kit/frame.ts";
import { nodeLink } from "../../kit/route.ts";
import { useData } from "../../kit/use-data.ts";
import { focusSelector } from "./choose.ts";
import { columnLink } from "./columns/column-link.ts";
import type { GraphModel } from "./graph-model.ts";

type Props = {
  readonly model: GraphModel;
  readonly place: number;
  readonly onClose: () => void;
  readonly onFocus: (selector: string) => void;
};

/** The chosen table: what it is, how to see its surroundings alone, and its columns. */
export function NodePanel({ model, place, onClose, onFocus }: Props): VNode {
  const node = model.nodes[place]!;
  return (
    <aside class="lineage-panel" aria-label={`About ${node.name}`}>
      <div class="lineage-panel-head">
        <h2>{node.name}</h2>
        <button type="button" class="icon-button" aria-label="Close" onClick={onClose}>
          <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" class="line-icon">
            <path d="M6 6l12 12M18 6L6 18" />
          </svg>
        </button>
      </div>
      <div class="chips">
        <KindBadge kind={node.kind} />
        <StatusBadge status={node.status} />
      </div>
      {node.about === "" ? null : <p class="quiet small">{node.about}</p>}
      <p class="small">
        {node.folder} · {node.shape} · {plural(node.parents.length, "parent")} ·{" "}
        {plural(model.children[place]!.length, "child", "children")}
      </p>
      <a class="button" href={nodeLink(node.id)}>
        Open its page
      </a>
      <Focus model={model} place={place} onFocus={onFocus} />
      <Columns id={node.id} />
    </aside>
  );
}

const DEPTHS = [0, 1, 2, 3, null] as const;

function Focus({ model, place, onFocus }: Omit<Props, "onClose">): VNode {
  const [up, setUp] = useState<number | null>(null);
  const [down, setDown] = useState<number | null>(null);
  const depth = (label: string, value: number | null, set: (value: number | null) => void): VNode => (
    <div class="chips" role="group" aria-label={label}>
      <span class="quiet small lineage-depth">{label}</span>
      {DEPTHS.map((each) => (
        <button
          key={each}
          type="button"
          class="chip"
          aria-pressed={value === each}
          aria-label={each === null ? "all" : plural(each, "step")}
          onClick={() => {
            set(each);
            const [above, below] = label === "Upstream" ? [each, down] : [up, each];
            onFocus(focusSelector(model, place, above, below));
          }}
        >
          {each ?? "all"}
        </button>
      ))}
    </div>
  );
  return (
    <section class="lineage-focus">
      <h3>Focus</h3>
      {depth("Upstream", up, setUp)}
      {depth("Downstream", down, setDown)}
    </section>
  );
}

function Columns({ id }: { id: string }): VNode | null {
  const { buckets } = useFrame();
  const { value, error } = useData<ColumnBucket>(`columns-${bucketOf(id, buckets)}`);
  const known = value?.[id];
  if (value === undefined && error === null) return null;
  return (
    <section>
      <h3>Columns</h3>
      {known === undefined ? (
        <p class="quiet small">Its columns cannot be told from its SQL alone.</p>
      ) : (
        <>
          <p class="quiet small">Choose one to see where it comes from and where it goes.</p>
          <ul class="lineage-columns">
            {known.columns.map(({ name, type }) => (
              <li key={name}>
                <a href={columnLink(id, name)}>{name}</a>
                <span class="quiet small">{type?.toLowerCase()}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
