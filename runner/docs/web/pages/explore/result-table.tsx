import type { VNode } from "preact";
import { formatCount } from "../../kit/format.ts";
import type { Result, Value } from "./result.ts";

/** Rows that are drawn; all of them are in the downloads. */
const SHOWN = 300;
const number = new Intl.NumberFormat("en", { maximumFractionDigits: 4, useGrouping: false });

export function ResultTable({ result }: { result: Result }): VNode {
  const { columns, rows } = result;
  return (
    <>
      <div class="explore-rows" tabIndex={0} role="region" aria-label="Rows">
        <table>
          <thead>
            <tr>
              {columns.map(({ name, kind }, i) => (
                <th key={i} scope="col" class={kind === "number" ? "number" : undefined}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN).map((row, i) => (
              <tr key={i}>
                {row.map((value, place) => (
                  <td
                    key={place}
                    class={columns[place]!.kind === "number" ? "number" : undefined}
                    title={typeof value === "string" && value.length > 40 ? value : undefined}
                  >
                    <Cell value={value} isNumber={columns[place]!.kind === "number"} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > SHOWN ? (
        <p class="quiet small">
          {formatCount(SHOWN)} of {formatCount(rows.length)} rows are shown; downloads and charts have all of
          them.
        </p>
      ) : null}
    </>
  );
}

function Cell({ value, isNumber }: { value: Value; isNumber: boolean }): VNode {
  if (value === null) return <span class="explore-null">null</span>;
  return <>{isNumber && typeof value === "number" ? number.format(value) : String(value)}</>;
}
