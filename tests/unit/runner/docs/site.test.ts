import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { writeArtifact } from "../../../../runner/artifacts/write-artifacts.ts";
import type { ArtifactName } from "../../../../runner/artifacts/write-artifacts.ts";
import { OperationError } from "../../../../runner/base/errors.ts";
import { readArtifacts } from "../../../../runner/docs/read-artifacts.ts";
import { siteData } from "../../../../runner/docs/site-data.ts";
import type { SiteData } from "../../../../runner/docs/site-data.ts";
import { siteAssets, siteFiles } from "../../../../runner/docs/site-files.ts";
import { generateSite } from "../../../../runner/docs/write-site.ts";
import { hostile, siteArtifacts } from "../../../support/site-artifacts.ts";

function targetWith(t: TestContext, names = Object.keys(siteArtifacts) as ArtifactName[]): string {
  const target = mkdtempSync(join(tmpdir(), "statloom-site-"));
  t.after(() => rmSync(target, { recursive: true }));
  for (const name of names) writeArtifact(target, name, siteArtifacts[name]);
  return target;
}
const nodeOf = (data: SiteData, id: string) => {
  const node = data.nodes.find((each) => each.id === id);
  assert.ok(node, `${id} is not on the page`);
  return node;
};

test("nodes bring together what the artifacts know of them", (t) => {
  const data = siteData(readArtifacts(targetWith(t)));
  assert.deepEqual(data.run, { command: "build", at: "2026-01-02T03:04:06.000Z", seconds: 1.5 });
  const staging = nodeOf(data, "model.shop.stg_orders");
  assert.equal(staging.kind, "staging");
  assert.deepEqual(staging.columns, [
    { name: "id", type: "INTEGER", description: "The key" },
    { name: "late", type: "DATE", description: "" },
    { name: "gone", type: "date", description: hostile },
  ]);
  assert.deepEqual(
    staging.tests.map((each) => [each.name, each.column, each.outcome.word]),
    [
      ["sales_add_up", null, "pass"],
      ["relationships", "id", ""],
      ["unique", "id", "fail"],
    ],
  );
  assert.deepEqual(staging.parents, ["source.shop.raw.orders"]);
  assert.deepEqual(staging.children, ["model.shop.fct_sales"]);
  const mart = nodeOf(data, "model.shop.fct_sales");
  assert.deepEqual(
    [mart.kind, mart.shape, mart.outcome.rows, mart.compiled],
    ["mart", "table", 1234, "select 1 as one"],
  );
  assert.deepEqual(
    mart.tests.map((each) => each.name),
    ["sales_add_up"],
  );
  assert.equal(nodeOf(data, "source.shop.raw.orders").name, "raw.orders");
  assert.equal(nodeOf(data, "source.shop.raw.orders").outcome.status, "warn");
  assert.equal(nodeOf(data, "exposure.shop.board").name, "The board");
  assert.equal(
    data.nodes.some((node) => node.id.startsWith("test.")),
    false,
  );
});

test("a site is made of the manifest alone when nothing has run yet", (t) => {
  const data = siteData(readArtifacts(targetWith(t, ["manifest.json"])));
  assert.equal(data.run, null);
  assert.equal(nodeOf(data, "model.shop.fct_sales").outcome.status, "none");
});

test("text from users stays text, and the page asks nobody else for anything", (t) => {
  const files = siteFiles(readArtifacts(targetWith(t)), siteAssets());
  const page = files.get("index.html")!;
  assert.equal(page.includes("<script>"), false);
  assert.equal(page.includes("<img src=x"), false);
  assert.ok(page.includes("&lt;script&gt;document.title"));
  assert.match(
    page,
    /Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'/,
  );
  assert.doesNotMatch(page, /<[^>]*\s(?:on\w+|style)=|<style|javascript:/i);
  assert.equal(files.get("data.js")!.includes("<"), false);
  for (const [, name] of page.matchAll(/(?:src|href)="([^"]+)"/g))
    assert.ok(files.has(name!), `${name} is missing`);
  for (const [name, text] of files) {
    const addresses = [...text.matchAll(/https?:\/\/[^\s"')]+/g)].map(([address]) => address);
    assert.deepEqual(
      addresses.filter((each) => each !== "http://www.w3.org/2000/svg"),
      [],
      name,
    );
    if (name.endsWith(".js"))
      assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/, name);
  }
});

test("without scripts there is a list of everything", (t) => {
  const page = siteFiles(readArtifacts(targetWith(t)), new Map()).get("index.html")!;
  assert.match(
    page,
    /<h2>Sources<\/h2>[\s\S]*<b>raw\.orders<\/b>[\s\S]*<h2>Seeds<\/h2>[\s\S]*<h2>Staging models<\/h2>/,
  );
  assert.match(page, /<b>fct_sales<\/b> <span>table · success · from stg_orders, codes · 1 test<\/span>/);
  assert.match(page, /3 tests, 1 failed/);
});

test("generating writes the whole site, and the same again", (t) => {
  const target = targetWith(t);
  const page = generateSite(target);
  assert.equal(page, join(target, "docs/index.html"));
  const names = readdirSync(join(target, "docs"));
  assert.deepEqual(names.toSorted(), [...siteAssets().keys(), "data.js", "index.html"].toSorted());
  const before = names.map((name) => readFileSync(join(target, "docs", name), "utf8"));
  generateSite(target);
  assert.deepEqual(
    names.map((name) => readFileSync(join(target, "docs", name), "utf8")),
    before,
  );
});

test("a missing or broken artifact says which, and what to do", (t) => {
  const empty = targetWith(t, []);
  assert.throws(
    () => generateSite(empty),
    (error) =>
      error instanceof OperationError &&
      error.code === "ARTIFACT_MISSING" &&
      /models build/.test(error.hint ?? ""),
  );
  for (const text of ["", "{", "[]", '{"metadata": {}, "nodes": 7}']) {
    const target = targetWith(t, []);
    writeFileSync(join(target, "manifest.json"), text);
    assert.throws(
      () => generateSite(target),
      (error) =>
        error instanceof OperationError &&
        error.code === "ARTIFACT_UNREADABLE" &&
        error.message.includes("manifest.json"),
    );
    assert.deepEqual(readdirSync(target), ["manifest.json"]);
  }
});
