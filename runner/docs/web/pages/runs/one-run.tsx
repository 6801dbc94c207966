import type { VNode } from "preact";
import type { RunDetail, RunsData } from "../../../data/runs-types.ts";
import { StatusBadge } from "../../kit/badges.tsx";
import { formatMinute, formatSeconds, plural } from "../../kit/format.ts";
import { Empty, WithData } from "../../kit/state.tsx";
import { useData } from "../../kit/use-data.ts";
import { CriticalPath } from "./critical-path.tsx";
import { Gantt } from "./gantt.tsx";

/** One run: when each node ran, and which of them the run could not have been faster than. */
export function OneRun({ data, id }: { data: RunsData; id: string }): VNode {
  const place = data.detailed.indexOf(id);
  const detail = useData<RunDetail>(place < 0 ? null : `run-${place}`);
  if (place < 0)
    return (
      <Empty title="Of this run only the summary is kept">
        <a href="#/runs">Show the last run</a>
      </Empty>
    );
  return <WithData data={detail}>{(run) => <Picture detail={run} isLast={place === 0} />}</WithData>;
}

function Picture({ detail, isLast }: { detail: RunDetail; isLast: boolean }): VNode {
  const { run, spans, threads, critical } = detail;
  const busy = spans.reduce((sum, { seconds }) => sum + seconds, 0);
  const path = critical.reduce((sum, place) => sum + spans[place]!.seconds, 0);
  return (
    <section class="card">
      <div class="card-head">
        <h2>
          {isLast ? "Last run: " : ""}models {run.command}
        </h2>
        <StatusBadge status={run.status} />
        <span class="quiet small">{formatMinute(run.at)}</span>
      </div>
      <dl class="run-numbers">
        <Number label="took" value={formatSeconds(run.seconds)} />
        <Number label="of work" value={formatSeconds(busy)} />
        <Number label="on the critical path" value={formatSeconds(path)} />
        <Number label="at once" value={plural(threads, "node")} />
        <Number
          label="nodes"
          value={`${run.ok} ok${run.warned ? `, ${run.warned} warned` : ""}${run.failed ? `, ${run.failed} failed` : ""}${run.skipped ? `, ${run.skipped} skipped` : ""}`}
        />
      </dl>
      <Gantt detail={detail} />
      <CriticalPath detail={detail} />
    </section>
  );
}

const Number = ({ label, value }: { label: string; value: string }): VNode => (
  <div>
    <dd>{value}</dd>
    <dt>{label}</dt>
  </div>
);
