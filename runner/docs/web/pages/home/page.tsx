import type { VNode } from "preact";
import type { HomeData } from "../../../data/home-types.ts";
import { kindCount } from "../../kit/badges.tsx";
import { formatCount } from "../../kit/format.ts";
import { useFrame } from "../../kit/frame.ts";
import { RichText } from "../../kit/rich.tsx";
import { link } from "../../kit/route.ts";
import { WithData } from "../../kit/state.tsx";
import { useData } from "../../kit/use-data.ts";
import { FailingNow } from "./failing.tsx";
import { HealthLine } from "./health.tsx";
import { LastRuns } from "./last-runs.tsx";
import { MartCard, SourceCard } from "./nodes.tsx";
import "./page.css";

/** What the project is and how it is, for somebody who has never seen it. */
export function Page(): VNode {
  const home = useData<HomeData>("home");
  return <WithData data={home}>{(data) => <Home data={data} />}</WithData>;
}

function Home({ data }: { data: HomeData }): VNode {
  const { project } = useFrame();
  return (
    <div class="stack home">
      <header class="home-head">
        <h1>{project}</h1>
        <p class="home-counts">
          {data.counts.map(([kind, count]) => (
            <a key={kind} class={`kind-${kind}`} href={link("nodes", [], { kind })}>
              <i class="dot" aria-hidden="true" />
              <strong>{formatCount(count)}</strong> {kindCount(kind, count)}
            </a>
          ))}
        </p>
        {data.description.length > 0 ? (
          <div class="home-about">
            <RichText text={data.description} />
          </div>
        ) : null}
      </header>
      <HealthLine health={data.health} />
      {data.failing.length > 0 ? <FailingNow failing={data.failing} /> : null}
      <div class="home-grid">
        <MartCard marts={data.marts} />
        <div class="stack">
          <SourceCard sources={data.sources} />
          <LastRuns runs={data.runs} />
        </div>
      </div>
    </div>
  );
}
