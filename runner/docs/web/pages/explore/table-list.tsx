import type { VNode } from "preact";
import type { ExploreData, ExploreTable } from "../../../data/explore-types.ts";
import { formatShort, plural } from "../../kit/format.ts";
import { nodeLink } from "../../kit/route.ts";
import { LeftOut } from "./left-out.tsx";

/** What can be queried, with its columns. */
export function TableList({
  data,
  onPick,
}: {
  data: ExploreData;
  onPick: (table: ExploreTable) => void;
}): VNode {
  return (
    <section class="card explore-tables" aria-label="Tables">
      <h2>Tables</h2>
      {data.tables.map((table) => (
        <details key={table.id}>
          <summary>
            <span>{table.name}</span>
            <small class="quiet">{formatShort(table.rows)}</small>
          </summary>
          <ul>
            {table.columns.map(({ name, type }) => (
              <li key={name}>
                <code>{name}</code>
                <small class="quiet">{type}</small>
              </li>
            ))}
          </ul>
          <p class="explore-table-links small">
            <button type="button" class="button" onClick={() => onPick(table)}>
              Query it
            </button>
            <a href={nodeLink(table.id)}>Its page</a>
            <a href={table.file} download={`${table.name}.parquet`}>
              Parquet
            </a>
          </p>
        </details>
      ))}
      <p class="quiet small">{plural(data.tables.length, "table")}, as they were when the site was made.</p>
      <LeftOut data={data} />
    </section>
  );
}
