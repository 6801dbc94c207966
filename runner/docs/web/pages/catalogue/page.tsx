import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Catalogue, CatalogueData, CatalogueEntry } from "../../../data/catalogue-types.ts";
import { StatusBadge } from "../../kit/badges.tsx";
import { Chips } from "../../kit/chips.tsx";
import { formatAge, formatCount, formatDay, formatShort, plural } from "../../kit/format.ts";
import { FoldingTable } from "../../kit/folding-table.tsx";
import type { PageProps } from "../../kit/registry.ts";
import { nodeLink, setQuery } from "../../kit/route.ts";
import { Empty, WithData } from "../../kit/state.tsx";
import { useData } from "../../kit/use-data.ts";

const MOST = 150;

/** What publishers offer; the address keeps what is looked for. */
export function Page({ query }: PageProps): VNode {
  const data = useData<CatalogueData>("catalogue");
  return (
    <div class="stack">
      <h1>Catalogue</h1>
      <WithData data={data}>
        {({ publishers }) =>
          publishers.length === 0 ? (
            <Empty title="No catalogue has been loaded">
              Load one: <code>ingest catalog</code>
            </Empty>
          ) : (
            <Offers publishers={publishers} query={query} />
          )
        }
      </WithData>
    </div>
  );
}

type Row = CatalogueEntry & { readonly publisher: string };
const only = ["landed", "due"] as const;

function Offers({ publishers, query }: { publishers: readonly Catalogue[]; query: URLSearchParams }): VNode {
  const rows = useMemo(
    () =>
      publishers.flatMap(({ publisher, entries }) => entries.map((entry): Row => ({ ...entry, publisher }))),
    [publishers],
  );
  const [word, setWord] = useState(query.get("q") ?? "");
  const [publisher, show] = [query.get("publisher"), query.get("show")];
  const words = word.toLowerCase().split(/\s+/);
  const shown = rows.filter(
    (row) =>
      (publisher === null || row.publisher === publisher) &&
      (show !== "landed" || row.landed !== null) &&
      (show !== "due" || row.isDue) &&
      words.every((each) => `${row.code} ${row.title} ${row.theme}`.toLowerCase().includes(each)),
  );
  return (
    <section class="card stack">
      <div class="filters">
        <input
          class="field wide-field"
          type="search"
          placeholder={`Search ${plural(rows.length, "dataset")}`}
          aria-label="Search the catalogue"
          value={word}
          onInput={(event) => {
            setWord(event.currentTarget.value);
            setQuery({ q: event.currentTarget.value || null });
          }}
        />
        <Chips
          label="Show only"
          all={only}
          chosen={show}
          text={(each) =>
            `${each} ${formatCount(rows.filter((row) => (each === "due" ? row.isDue : row.landed !== null)).length)}`
          }
          onChoose={(each, again) => setQuery({ show: again ? null : each })}
        />
        {publishers.length > 1 ? (
          <Chips
            label="Publisher"
            all={publishers.map((each) => each.publisher)}
            chosen={publisher}
            text={(each) => each}
            onChoose={(each, again) => setQuery({ publisher: again ? null : each })}
          />
        ) : null}
        <span class="quiet small">
          {publishers
            .filter(({ loaded }) => loaded !== null)
            .map(({ publisher: name, loaded }) => `${name} as of ${formatAge(loaded!)}`)
            .join(" · ")}
        </span>
      </div>
      {shown.length === 0 ? <Empty title="Nothing is like that" /> : <Rows rows={shown.slice(0, MOST)} />}
      {shown.length > MOST ? (
        <p class="quiet">{formatCount(shown.length - MOST)} more: search to see them.</p>
      ) : null}
    </section>
  );
}

const Rows = ({ rows }: { rows: readonly Row[] }): VNode => (
  <FoldingTable heads={["Dataset", "Code", "Periods", { number: "Observations" }, "Updated", "Here"]}>
    {rows.map((row) => (
      <tr key={`${row.publisher} ${row.code}`}>
        <td>
          {row.node === null ? row.title : <a href={nodeLink(row.node)}>{row.title}</a>}
          <div class="quiet small">{row.theme}</div>
        </td>
        <td>
          <code>{row.code}</code>
        </td>
        <td class="quiet nowrap">
          {[...new Set([row.first, row.last])].filter((period) => period !== null).join(" – ")}
        </td>
        <td class="number">{row.values === null ? null : formatShort(row.values)}</td>
        <td class="quiet nowrap">{row.updated === null ? null : formatDay(row.updated)}</td>
        <td>
          {row.isDue ? (
            <StatusBadge status="warn" word="due" />
          ) : row.landed === null ? null : (
            <StatusBadge status="good" word="landed" />
          )}
        </td>
      </tr>
    ))}
  </FoldingTable>
);
