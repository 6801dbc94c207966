import type { ComponentChildren, VNode } from "preact";
import type { Dataset, Edition, Revision } from "../../../data/node-types.ts";
import { formatCount, formatDay, formatMinute, plural } from "../../kit/format.ts";
import { FoldingTable } from "../../kit/folding-table.tsx";
import { DimensionList } from "./dimensions.tsx";

/** What is known of a dataset of a publisher: what it is, its editions, its code lists, its flags. */
export const DatasetCards = ({ dataset }: { dataset: Dataset }): VNode => (
  <>
    <section class="card" id="dataset">
      <h2>{dataset.label ?? dataset.code}</h2>
      <dl class="fact-grid">
        <Fact label="Publisher">{dataset.publisher}</Fact>
        <Fact label="Code">
          <code>{dataset.code}</code>
        </Fact>
        <Fact label="Newest edition">
          {formatDay(dataset.vintages[0]!.updated ?? dataset.vintages[0]!.landed)}
        </Fact>
        {dataset.rhythmDays === null ? null : (
          <Fact label="New edition about every">{rhythm(dataset.rhythmDays)}</Fact>
        )}
        {dataset.unit === null ? null : <Fact label="Unit">{dataset.unit}</Fact>}
        {dataset.pages.length === 0 ? null : (
          <Fact label="At the publisher">
            {dataset.pages.map(({ text, href = "" }) => (
              <a key={href} class="outside" href={href} rel="noreferrer noopener" target="_blank">
                {text}
              </a>
            ))}
          </Fact>
        )}
      </dl>
      {dataset.notes.map((note) => (
        <p key={note} class="note">
          {note}
        </p>
      ))}
    </section>
    <Editions editions={dataset.vintages} />
    <DimensionList dimensions={dataset.dimensions} />
    {dataset.flags.length > 0 ? <Flags flags={dataset.flags} /> : null}
  </>
);

const Fact = ({ label, children }: { label: string; children: ComponentChildren }): VNode => (
  <div>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);

function rhythm(days: number): string {
  if (days < 11) return plural(days, "day");
  if (days < 50) return plural(Math.round(days / 7), "week");
  return days < 550 ? plural(Math.round(days / 30.44), "month") : plural(Math.round(days / 365.25), "year");
}

const Editions = ({ editions }: { editions: readonly Edition[] }): VNode => (
  <section class="card" id="editions">
    <div class="card-head">
      <h2>Editions</h2>
      <span class="quiet small">{plural(editions.length, "edition")} kept</span>
    </div>
    <FoldingTable heads={["Published", "Landed", { number: "Observations" }, "Against the edition before"]}>
      {editions.map((edition) => (
        <tr key={edition.vintage}>
          <td title={edition.vintage}>
            {edition.updated === null ? "not said" : formatDay(edition.updated)}
          </td>
          <td class="quiet" title={edition.source}>
            {formatMinute(edition.landed)}
          </td>
          <td class="number">
            {formatCount(edition.rows)}
            {edition.rejected > 0 ? (
              <div class="small mark-warn">{formatCount(edition.rejected)} unreadable</div>
            ) : null}
          </td>
          <td>
            <Revised revised={edition.revised} isFirst={edition === editions.at(-1)} />
          </td>
        </tr>
      ))}
    </FoldingTable>
  </section>
);

function Revised({ revised, isFirst }: { revised: Revision | null; isFirst: boolean }): VNode {
  if (revised === null) return <span class="quiet">{isFirst ? "the first" : "not compared"}</span>;
  const { added, removed, changed } = revised;
  if (added + removed + changed === 0) return <span class="quiet">nothing</span>;
  return (
    <span class="revised">
      {changed > 0 ? <b class="mark-warn">{formatCount(changed)} revised</b> : null}
      {added > 0 ? <span class="mark-good">+{formatCount(added)} new</span> : null}
      {removed > 0 ? <span class="mark-bad">−{formatCount(removed)} gone</span> : null}
    </span>
  );
}

const Flags = ({ flags }: { flags: Dataset["flags"] }): VNode => (
  <section class="card" id="flags">
    <h2>Flags</h2>
    <ul class="flags">
      {flags.map(([flag, meaning, rows]) => (
        <li key={flag}>
          <code>{flag}</code>
          <span>{meaning === "" ? <span class="quiet">not explained</span> : meaning}</span>
          <span class="number quiet">{formatCount(rows)}</span>
        </li>
      ))}
    </ul>
  </section>
);
