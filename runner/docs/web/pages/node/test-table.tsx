import type { VNode } from "preact";
import type { NodeTest } from "../../../data/node-types.ts";
import { StatusBadge } from "../../kit/badges.tsx";
import { formatCount, formatSeconds } from "../../kit/format.ts";
import { FoldingTable } from "../../kit/folding-table.tsx";
import { PastStrip } from "../../kit/past-strip.tsx";
import { nodeLink } from "../../kit/route.ts";

/** `own`: the page is that of the test itself. */
export const TestTable = ({ tests, own }: { tests: readonly NodeTest[]; own: boolean }): VNode => (
  <section class="card" id="tests">
    <h2>{own ? "Result" : "Tests"}</h2>
    <FoldingTable
      heads={["Test", "Column", "Last result", { number: "Failures" }, { number: "Time" }, "Past runs"]}
    >
      {tests.map((test) => (
        <tr key={test.id}>
          <td>
            {own ? test.name : <a href={nodeLink(test.id)}>{test.name}</a>}
            {test.outcome.message !== "" && test.outcome.status !== "good" && !own ? (
              <div class="quiet small">{test.outcome.message}</div>
            ) : null}
          </td>
          <td>{test.column === null ? null : <code>{test.column}</code>}</td>
          <td>
            <StatusBadge status={test.outcome.status} word={test.outcome.word} />
          </td>
          <td class="number">{test.failures ? formatCount(test.failures) : null}</td>
          <td class="number">{test.outcome.seconds === null ? null : formatSeconds(test.outcome.seconds)}</td>
          <td>
            <PastStrip past={test.history} />
          </td>
        </tr>
      ))}
    </FoldingTable>
  </section>
);
