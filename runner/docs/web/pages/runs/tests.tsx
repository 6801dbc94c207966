import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { TestRow, TestsData } from "../../../data/runs-types.ts";
import type { Status } from "../../../data/types.ts";
import { NodeName, StatusBadge, statusName } from "../../kit/badges.tsx";
import { Chips } from "../../kit/chips.tsx";
import { formatCount, plural } from "../../kit/format.ts";
import { FoldingTable } from "../../kit/folding-table.tsx";
import { PastStrip } from "../../kit/past-strip.tsx";
import { nodeLink } from "../../kit/route.ts";
import { Empty, WithData } from "../../kit/state.tsx";
import { useData } from "../../kit/use-data.ts";

const MOST = 250;
const order: readonly Status[] = ["bad", "warn", "skipped", "good", "none"];

/** Every test with what became of it in past runs; what is wrong first. */
export const Tests = (): VNode => (
  <WithData data={useData<TestsData>("tests")}>{({ tests }) => <TestList tests={tests} />}</WithData>
);

function TestList({ tests }: { tests: readonly TestRow[] }): VNode {
  const [word, setWord] = useState("");
  const [status, setStatus] = useState<Status | null>(null);
  if (tests.length === 0)
    return <Empty title="There are no tests">Write some under a column: data_tests: [not_null]</Empty>;
  const lower = word.toLowerCase();
  const shown = tests
    .filter(
      (test) =>
        (status === null || test.status === status) &&
        `${test.name} ${test.column ?? ""} ${test.of?.name ?? ""}`.toLowerCase().includes(lower),
    )
    .toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  return (
    <section class="card stack">
      <div class="filters">
        <input
          class="field"
          type="search"
          placeholder="Filter by test, table or column"
          aria-label="Filter tests"
          value={word}
          onInput={(event) => setWord(event.currentTarget.value)}
        />
        <Chips
          label="Result"
          all={order.filter((each) => tests.some((test) => test.status === each))}
          chosen={status}
          text={(each) =>
            `${statusName(each)} ${formatCount(tests.filter((test) => test.status === each).length)}`
          }
          onChoose={(each, again) => setStatus(again ? null : each)}
        />
      </div>
      <FoldingTable heads={["Test", "Of", "Last result", { number: "Failures" }, "Past runs"]}>
        {shown.slice(0, MOST).map((test) => (
          <tr key={test.id}>
            <td>
              <a href={nodeLink(test.id)}>{test.name}</a>
            </td>
            <td>
              {test.of === null ? null : (
                <NodeName node={{ id: test.of.id, name: test.of.name, kind: test.of.kind }} />
              )}
              {test.column === null ? null : <code class="quiet"> {test.column}</code>}
            </td>
            <td>
              <StatusBadge status={test.status} word={test.word} />
            </td>
            <td class="number">{test.failures ? formatCount(test.failures) : null}</td>
            <td>
              <PastStrip past={test.past} />
            </td>
          </tr>
        ))}
      </FoldingTable>
      {shown.length > MOST ? (
        <p class="quiet">
          {formatCount(shown.length - MOST)} more of {plural(shown.length, "test")}: filter to see them.
        </p>
      ) : null}
    </section>
  );
}
