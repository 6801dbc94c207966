import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Dimension } from "../../../data/node-types.ts";
import { formatCount, plural } from "../../kit/format.ts";

/** Codes that are drawn of one list; the box above narrows a longer one. */
const MOST = 200;
/** Lists of more than this many are searched. */
const LONG = 12;

export const DimensionList = ({ dimensions }: { dimensions: readonly Dimension[] }): VNode => (
  <section class="card" id="dimensions">
    <div class="card-head">
      <h2>Dimensions</h2>
      <span class="quiet small">{plural(dimensions.length, "dimension")} with their code lists</span>
    </div>
    {dimensions.map((dimension) => (
      <details key={dimension.name} class="dimension">
        <summary>
          <code>{dimension.name}</code>
          <span>{dimension.label}</span>
          <span class="quiet small">{plural(dimension.size, "code")}</span>
        </summary>
        <Codes dimension={dimension} />
      </details>
    ))}
  </section>
);

function Codes({ dimension }: { dimension: Dimension }): VNode {
  const [word, setWord] = useState("");
  const lower = word.toLowerCase();
  const shown = dimension.codes.filter(([code, label]) =>
    `${code} ${label ?? ""}`.toLowerCase().includes(lower),
  );
  return (
    <div class="codes">
      {dimension.codes.length > LONG ? (
        <input
          class="field"
          type="search"
          placeholder={`Find among ${formatCount(dimension.codes.length)} codes`}
          aria-label={`Find a code of ${dimension.name}`}
          value={word}
          onInput={(event) => setWord(event.currentTarget.value)}
        />
      ) : null}
      <ul>
        {shown.slice(0, MOST).map(([code, label]) => (
          <li key={code}>
            <code>{code}</code> <span>{label}</span>
          </li>
        ))}
      </ul>
      {shown.length > MOST || dimension.size > dimension.codes.length ? (
        <p class="quiet small">
          {formatCount(Math.max(shown.length, dimension.size) - Math.min(MOST, shown.length))} more
        </p>
      ) : null}
    </div>
  );
}
