import type { VNode } from "preact";
import type { RunsData } from "../../../data/runs-types.ts";
import type { PageProps } from "../../kit/registry.ts";
import { link } from "../../kit/route.ts";
import { WithData } from "../../kit/state.tsx";
import { useData } from "../../kit/use-data.ts";
import { Alerts } from "./alerts.tsx";
import { Ingestion } from "./ingestion.tsx";
import { OneRun } from "./one-run.tsx";
import { RunList } from "./run-list.tsx";
import { Slowest } from "./slowest.tsx";
import { Tests } from "./tests.tsx";
import "./page.css";

const tabs = [
  ["", "Runs"],
  ["slowest", "Slowest nodes"],
  ["tests", "Tests"],
  ["alerts", "Alerts"],
  ["ingestion", "Ingestion"],
] as const;
type Tab = (typeof tabs)[number][0];

/** `#/runs`, `#/runs/<id of a run>`, `#/runs/tests` … */
export function Page({ path: [first = ""] }: PageProps): VNode {
  const runs = useData<RunsData>("runs");
  const tab: Tab = tabs.find(([name]) => name === first)?.[0] ?? "";
  return (
    <div class="stack">
      <div class="runs-head">
        <h1>Runs</h1>
        <nav class="tabs" aria-label="Of runs">
          {tabs.map(([name, label]) => (
            <a
              key={name}
              href={name === "" ? "#/runs" : link("runs", [name])}
              aria-current={name === tab ? "page" : undefined}
            >
              {label}
              {name === "alerts" && runs.value !== undefined ? <OpenCount runs={runs.value} /> : null}
            </a>
          ))}
        </nav>
      </div>
      <WithData data={runs}>
        {(data) => <Shown tab={tab} data={data} wanted={tab === "" ? first : ""} />}
      </WithData>
    </div>
  );
}

function OpenCount({ runs }: { runs: RunsData }): VNode | null {
  const open = runs.alerts.filter(({ until }) => until === null).length;
  return open === 0 ? null : <span class="count">{open}</span>;
}

function Shown({ tab, data, wanted }: { tab: Tab; data: RunsData; wanted: string }): VNode {
  switch (tab) {
    case "slowest":
      return <Slowest nodes={data.slowest} />;
    case "tests":
      return <Tests />;
    case "alerts":
      return <Alerts alerts={data.alerts} />;
    case "ingestion":
      return <Ingestion batches={data.batches} />;
    case "":
      return (
        <>
          <OneRun data={data} id={wanted === "" ? (data.detailed[0] ?? "") : wanted} />
          <RunList data={data} />
        </>
      );
  }
}
