import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { writeArtifact } from "../../../../runner/artifacts/write-artifacts.ts";
import type { ArtifactName } from "../../../../runner/artifacts/write-artifacts.ts";
import { OperationError } from "../../../../runner/base/errors.ts";
import { posixRelative, walkFiles } from "../../../../runner/base/files.ts";
import { bucketOf } from "../../../../runner/docs/data/bucket-of.ts";
import { dataFiles } from "../../../../runner/docs/data/data-files.ts";
import type { SiteFrame, SiteIndex } from "../../../../runner/docs/data/frame-types.ts";
import type { NodeBucket, NodeDetail } from "../../../../runner/docs/data/node-types.ts";
import { readArtifacts } from "../../../../runner/docs/read-artifacts.ts";
import { siteAssets, siteFiles } from "../../../../runner/docs/site-files.ts";
import { generateSite } from "../../../../runner/docs/write-site.ts";
import { builtPages } from "../../../support/site.ts";
import { hostile, siteArtifacts } from "../../../support/site-artifacts.ts";

function targetWith(t: TestContext, names = Object.keys(siteArtifacts) as ArtifactName[]): string {
  const target = mkdtempSync(join(tmpdir(), "statloom-site-"));
  t.after(() => rmSync(target, { recursive: true }));
  for (const name of names) writeArtifact(target, name, siteArtifacts[name]);
  return target;
}
const artifactsOf = (target: string) => ({ ...readArtifacts(target), observed: null });

describe("data files", () => {
  const filesOf = (t: TestContext, names?: ArtifactName[]) =>
    new Map(dataFiles(artifactsOf(targetWith(t, names))));
  const detailOf = (files: Map<string, unknown>, id: string): NodeDetail => {
    const { buckets } = files.get("frame") as SiteFrame;
    const node = (files.get(`node-${bucketOf(id, buckets)}`) as NodeBucket)[id];
    assert.ok(node, `${id} is in no file`);
    return node;
  };

  test("nodes bring together what the artifacts know of them", (t) => {
    const files = filesOf(t);
    const staging = detailOf(files, "model.shop.stg_orders");
    assert.deepEqual([staging.kind, staging.status], ["staging", "bad"]);
    assert.deepEqual(
      staging.columns.map(({ name, type, description }) => ({ name, type, description })),
      [
        { name: "id", type: "INTEGER", description: ["The key"] },
        { name: "late", type: "DATE", description: [] },
        { name: "gone", type: "date", description: [hostile] },
      ],
    );
    assert.deepEqual(
      staging.tests.map((each) => [each.name, each.column, each.outcome.word]),
      [
        ["sales_add_up", null, "pass"],
        ["relationships", "id", ""],
        ["unique", "id", "fail"],
      ],
    );
    assert.deepEqual(
      staging.parents.map(({ name, status }) => [name, status]),
      [["raw.orders", "warn"]],
    );
    assert.deepEqual(
      staging.children.map(({ id }) => id),
      ["model.shop.fct_sales"],
    );
    const mart = detailOf(files, "model.shop.fct_sales");
    assert.deepEqual(
      [mart.kind, mart.shape, mart.rows, mart.compiled],
      ["mart", "table", 1234, "select 1 as one"],
    );
    const singular = detailOf(files, "test.shop.sales_add_up");
    assert.deepEqual(
      [singular.kind, singular.parents.map(({ name }) => name)],
      ["test", ["fct_sales", "stg_orders"]],
    );
    assert.equal(detailOf(files, "exposure.shop.board").name, "The board");
  });

  test("the index has every node but tests, parents first, with the health of node and tests", (t) => {
    const { nodes } = filesOf(t).get("index") as SiteIndex;
    assert.deepEqual(
      nodes.map(({ name, status, tests }) => [name, status, tests.join(" ")]),
      [
        ["codes", "none", "0 0 0 0"],
        ["raw.orders", "warn", "0 0 0 0"],
        ["stg_orders", "bad", "1 0 1 1"],
        ["fct_sales", "good", "1 0 0 0"],
        ["The board", "none", "0 0 0 0"],
      ],
    );
    for (const [place, { parents }] of nodes.entries()) assert.ok(parents.every((parent) => parent < place));
  });

  test("what is not to be shown is in no file, nor are its tests", (t) => {
    const target = targetWith(t);
    const file = join(target, "manifest.json");
    const manifest = JSON.parse(readFileSync(file, "utf8")) as {
      nodes: Record<string, { docs?: { show: boolean } }>;
    };
    const hidden = "model.shop.stg_orders";
    assert.ok(filesOf(t).size > 0 && manifest.nodes[hidden]);
    manifest.nodes[hidden].docs = { show: false };
    writeFileSync(file, JSON.stringify(manifest));
    const files = new Map(dataFiles(artifactsOf(target)));
    const { nodes } = files.get("index") as SiteIndex;
    assert.ok(nodes.length > 0 && nodes.every(({ id }) => id !== hidden));
    const details = [...files].flatMap(([name, file]) =>
      name.startsWith("node-") ? Object.values(file as NodeBucket) : [],
    );
    assert.ok(details.some(({ name }) => name === "fct_sales"));
    assert.deepEqual(
      details.filter(({ id, name }) => id === hidden || name === "unique"),
      [],
    );
  });

  test("a site is made of the manifest alone when nothing has run yet", (t) => {
    assert.equal(detailOf(filesOf(t, ["manifest.json"]), "model.shop.fct_sales").status, "none");
  });
});

describe("the site as files", () => {
  let pages: Awaited<ReturnType<typeof builtPages>>;
  before(async () => {
    pages = await builtPages();
  });
  after(() => pages.remove());

  test("text from users stays text, and the pages ask nobody else for anything", async (t) => {
    const files = new Map(siteFiles(artifactsOf(targetWith(t)), await siteAssets(pages.folder)));
    const page = String(files.get("index.html"));
    assert.equal(page.includes("<script>"), false);
    assert.match(
      page,
      /Content-Security-Policy" content="default-src 'none'; script-src 'self'[^"]*; style-src 'self'/,
    );
    assert.doesNotMatch(page, /<[^>]*\s(?:on\w+|style)=|<style|javascript:/i);
    for (const [, name] of page.matchAll(/(?:src|href)="([^"]+)"/g))
      assert.ok(files.has(name!), `${name} is missing`);
    for (const [name, content] of files) {
      const text = Buffer.from(content).toString();
      if (!name.startsWith("data/") && name.endsWith(".js") && !name.startsWith("vendor/"))
        assert.doesNotMatch(text, /insertAdjacentHTML|document\.write|\beval\(|new Function/, name);
      if (!name.endsWith(".css")) continue;
      assert.doesNotMatch(text, /url\(|https?:/, name);
    }
  });

  test("what is loaded first stays small", async () => {
    const sizes = { "app.js": 16_000, "app.css": 6_000, "pages/home.js": 8_000, "pages/node.js": 14_000 };
    for (const [name, most] of Object.entries(sizes)) {
      const bytes = gzipSync(readFileSync(join(pages.folder, name))).length;
      assert.ok(bytes <= most, `${name} has ${bytes} bytes packed, ${most} are allowed`);
    }
  });

  test("generating writes the whole site, and the same again", async (t) => {
    const target = targetWith(t);
    const page = await generateSite(target, null, pages.folder);
    assert.equal(page, join(target, "docs/index.html"));
    const read = async () => {
      const paths = walkFiles(join(target, "docs"), () => true);
      return paths.map((path) => [posixRelative(target, path), readFileSync(path, "utf8")] as const);
    };
    const first = await read();
    assert.ok(first.some(([path]) => path === "docs/data/node-0.js"));
    // What an earlier, larger project left is not kept.
    writeFileSync(join(target, "docs/data/node-99.js"), "statloom.data()");
    await generateSite(target, null, pages.folder);
    assert.deepEqual(await read(), first);
  });

  test("a missing or broken artifact says which, and what to do", async (t) => {
    await assert.rejects(
      generateSite(targetWith(t, []), null, pages.folder),
      (error) =>
        error instanceof OperationError &&
        error.code === "ARTIFACT_MISSING" &&
        /models build/.test(error.hint ?? ""),
    );
    for (const [text, why] of [
      ["", /manifest\.json cannot be read: Unexpected end of JSON input$/],
      ["{", /manifest\.json cannot be read: Expected property name .*$/],
      ["[]", /manifest\.json cannot be read: it: Invalid input: expected object, received array$/],
      [
        '{"metadata": {}, "nodes": 7}',
        /manifest\.json cannot be read: nodes: Invalid input: expected record, received number$/,
      ],
    ] as const) {
      const target = targetWith(t, []);
      writeFileSync(join(target, "manifest.json"), text);
      await assert.rejects(
        generateSite(target, null, pages.folder),
        (error) =>
          error instanceof OperationError && error.code === "ARTIFACT_UNREADABLE" && why.test(error.message),
      );
      assert.deepEqual(readdirSync(target), ["manifest.json"]);
    }
    await assert.rejects(siteAssets(join(pages.folder, "nowhere")), /SITE_UNBUILT|are not in/);
    assert.ok(statSync(pages.folder).isDirectory());
  });
});
