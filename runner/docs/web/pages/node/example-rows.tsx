import type { VNode } from "preact";
import type { Example } from "../../../data/node-types.ts";
import { plural } from "../../kit/format.ts";

export const ExampleRows = ({ example, rows }: { example: Example; rows: number | null }): VNode => (
  <section class="card" id="rows">
    <div class="card-head">
      <h2>Example rows</h2>
      <span class="quiet small">
        {plural(example.rows.length, "row")}
        {rows === null ? "" : ` of ${rows.toLocaleString("en")}`}
      </span>
    </div>
    <div class="scroller" tabIndex={0} role="region" aria-label="Example rows">
      <table class="data">
        <thead>
          <tr>
            {example.columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {example.rows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, place) => (
                <td key={place}>{cell === null ? <span class="null">null</span> : cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </section>
);
