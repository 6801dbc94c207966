import assert from "node:assert/strict";
import { test } from "node:test";
import { mistakesOf } from "../../../support/link-project.ts";

test("what hands type from dbt's Jinja is told with what it is here", async () => {
  const hintOf = async (text: string): Promise<string | undefined> => {
    const [mistake] = await mistakesOf({ "models/a.sql": text });
    return mistake?.split(" | ")[1];
  };
  for (const [text, hint] of [
    ["select {{ dbt_utils.star(from=ref('a')) }}", /select \* exclude/],
    ["select {{ dbt_utils.generate_surrogate_key(['a']) }}", /md5\(concat_ws/],
    ["select {{ dbt_utils.width_bucket('a') }}", /tests like those of dbt_utils/],
    ["select {{ adapter.quote('a') }}", /identifier\('x'\)/],
    ["select {{ adapter.dispatch('a') }}", /duckdb__name and default__name/],
    ["select {{ run_started_at.strftime('%Y') }}", /cast\(\{\{ run_started_at \}\} as timestamp\)/],
    ["select {{ config.get('tags') }}", /model\.config\.materialized/],
    ["select {{ loop.index }}", /first, last and index/],
    ["select {{ constructor.name }}", /there is no package "constructor"/],
    ["{% snapshot s %}", /snapshots: of a property file/],
    ["{% materialization x, default %}", /config\(materialized=…\)/],
    ["{{ config(cluster_by=['a']) }} select 1", /^what is your own stands under meta$/],
  ] as const)
    assert.match((await hintOf(text)) ?? "", hint, text);
});
