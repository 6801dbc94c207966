import type { VNode } from "preact";
import type { ExploreData } from "../../../data/explore-types.ts";
import type { PageProps } from "../../kit/registry.ts";
import { Empty, WithData } from "../../kit/state.tsx";
import { useData } from "../../kit/use-data.ts";
import { Workbench } from "./workbench.tsx";
import "./page.css";

/** SQL and charts over the published tables, in this browser alone. */
export function Page({ query }: PageProps): VNode {
  const data = useData<ExploreData>("explore");
  return (
    <div class="stack explore">
      <div>
        <h1>Explore</h1>
        <p class="quiet">
          SQL and charts over the published tables. DuckDB runs in this browser: nothing is sent anywhere.
        </p>
      </div>
      {location.protocol === "file:" ? (
        <Empty title="This page needs a server">
          Browsers run no database from a folder on disk. In the project, type{" "}
          <code>npx models docs serve</code> and open the address that it prints; any other web server does as
          well.
        </Empty>
      ) : (
        <WithData data={data}>{(known) => <Workbench data={known} query={query} />}</WithData>
      )}
    </div>
  );
}
