import assert from "node:assert/strict";
import { test } from "node:test";
import { manifest } from "../../../../../runner/artifacts/manifest.ts";
import { manifestSchema } from "../../../../../runner/docs/artifact-schemas.ts";
import { indexFile } from "../../../../../runner/docs/data/index-file.ts";
import { lineageFile } from "../../../../../runner/docs/data/lineage-files.ts";
import { prepareSite } from "../../../../../runner/docs/data/site-model.ts";
import { choose, focusSelector } from "../../../../../runner/docs/web/pages/lineage/choose.ts";
import { graphModel } from "../../../../../runner/docs/web/pages/lineage/graph-model.ts";
import { select } from "../../../../../runner/graph/select/select.ts";
import { makeGraph } from "../../../../support/make-graph.ts";

const graph = makeGraph([
  { source: "raw.orders", tags: ["daily"], meta: { owner: "ana" } },
  { source: "raw.codes" },
  { seed: "countries", tags: ["static"] },
  { model: "staging/stg_orders", parents: ["raw.orders"], tags: ["daily"], config: { materialized: "view" } },
  { model: "staging/stg_codes", parents: ["raw.codes"], meta: { owner: "ana" } },
  {
    model: "marts/fct_sales",
    parents: ["stg_orders", "stg_codes", "countries"],
    config: { materialized: "table" },
  },
  { model: "marts/deep/mart_top", parents: ["fct_sales"], config: { materialized: "table" } },
  { test: "unique_id", generic: "unique", column: "id", parents: ["stg_orders"] },
  { exposure: "board", parents: ["mart_top"], label: "The board" },
]);
const artifact = manifest(graph, new Map(), {
  invocationId: "0b1f0f0e-0000-4000-8000-000000000001",
  startedAt: "2026-01-02T03:04:05.000Z",
  generatedAt: "2026-01-02T03:04:06.000Z",
  env: {},
  adapterType: "duckdb",
  targetPath: "target",
  quoteRelation: ({ identifier }) => identifier,
});
const site = prepareSite({
  manifest: manifestSchema.parse(artifact),
  catalog: null,
  runResults: null,
  freshness: null,
  observed: null,
});
const model = graphModel(indexFile(site).nodes, lineageFile(site));
const chosen = (selector: string): string[] =>
  [...choose(model, selector).places].map((place) => model.nodes[place]!.id).toSorted();

for (const selector of [
  "fct_sales",
  "+fct_sales",
  "1+fct_sales+1",
  "@stg_codes",
  "*.stg_*",
  "tag:daily",
  "tag:daily+,path:models/marts",
  "path:models/staging countries",
  "models/marts/deep",
  "staging",
  "shop.marts.fct_sales",
  "source:raw source:raw.codes+",
  "exposure:board",
  "+exposure:*",
  "resource_type:seed",
  "config.materialized:table",
  "config.meta.owner:ana",
  "config.enabled:true",
  "package:this",
  "access:protected",
  "version:none",
  "file:fct_sales.sql",
  '"fct_sales"',
]) {
  test(`"${selector}" chooses in the browser what it chooses on the command line`, () => {
    const { selected } = select(graph, { select: [selector], exclude: [], indirectSelection: "empty" });
    const expected = [...selected].filter((id) => !id.startsWith("test.")).toSorted();
    assert.ok(expected.length > 0);
    assert.deepEqual(chosen(selector), expected);
    assert.equal(choose(model, selector).problem, null);
  });
}

test("a group that no table has is told", () => {
  assert.match(choose(model, "group:finance").problem ?? "", /matches nothing/);
});

test("what cannot be read chooses everything, and says what is wrong", () => {
  const { places, problem } = choose(model, "tagg:x");
  assert.equal(places.size, model.nodes.length);
  assert.match(problem ?? "", /^the selector "tagg:x" has an unknown method "tagg": /);
  assert.deepEqual(
    [choose(model, "stg_ordes").places.size, choose(model, "stg_ordes").problem],
    [0, 'the selector "stg_ordes" matches nothing: did you mean "stg_orders"?'],
  );
});

test("a selector for the surroundings of any node names that node", () => {
  for (const [place, { id }] of model.nodes.entries()) {
    assert.deepEqual(chosen(focusSelector(model, place, 0, 0)), [id]);
    assert.ok(chosen(focusSelector(model, place, null, 1)).includes(id));
  }
});
