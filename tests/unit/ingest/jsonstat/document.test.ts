import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { describe, test } from "node:test";
import { openDocument } from "../../../../ingest/jsonstat/document.ts";
import { OperationError } from "../../../../runner/base/errors.ts";
import { documentFiles, smallDataset } from "./support/document-file.ts";
import { readRows } from "./support/read-rows.ts";

const files = documentFiles();
const codesOf = async (content: string | Uint8Array | object): Promise<readonly string[]> =>
  (await files.refuse(content)).problems.map(({ code }) => code);

describe("what is no JSON-stat is refused, in words", () => {
  const cases: readonly (readonly [title: string, content: string | Uint8Array | object, message: RegExp])[] =
    [
      ["an empty file", "", /:1:1 EMPTY the document is empty/],
      ["white space", " \n\t ", /:1:1 EMPTY/],
      [
        "HTML",
        "<!DOCTYPE html><html><title>Down  for\nmaintenance</title>",
        /:1:1 HTML .*"Down for maintenance"/,
      ],
      [
        "XML",
        '<?xml version="1.0"?><S:Fault><faultstring>too big</faultstring></S:Fault>',
        /XML .*: too big/,
      ],
      ["gzip", Uint8Array.of(0x1f, 0x8b, 8, 0), /GZIP/],
      ["UTF-16", Buffer.from("\ufeff{}", "utf16le"), /NOT_UTF8/],
      ["an array", "[1,2]", /NOT_JSON_STAT a JSON array/],
      ["a text", '"hello"', /NOT_JSON_STAT the JSON value "hello"/],
      ["any object", '{"tables":[],"page":1}', /NOT_JSON_STAT a JSON object of "tables", "page"/],
      ["a dimension", { class: "dimension", category: { index: ["a"] } }, /CLASS_DIMENSION/],
      [
        "a collection of links",
        { class: "collection", link: { item: [{ href: "x" }] } },
        /LINKS_ONLY a collection of 1 link/,
      ],
      ["two forms at once", { ...smallDataset(), result: smallDataset() }, /AMBIGUOUS/],
      ["Latin-1", Buffer.from('{"label":"Bev\xe6gelse"}', "latin1"), /:1:10 NOT_UTF8/],
    ];
  for (const [title, content, message] of cases) {
    test(title, async () => assert.match((await files.refuse(content)).message, message));
  }
});

describe("what an API says instead of data is passed on", () => {
  const cases: readonly (readonly [title: string, content: object, message: RegExp])[] = [
    [
      "Eurostat's error",
      { error: [{ status: 404, id: 100, label: "ERR_NOT_FOUND_4: X" }] },
      /API_ERROR .* 404 ERR_NOT_FOUND_4: X/,
    ],
    [
      "Eurostat's asynchronous answer",
      { warning: { status: 413, label: "ASYNCHRONOUS_RESPONSE" } },
      /API_WARNING .*ASYNCHRONOUS/,
    ],
    [
      "JSON-RPC's error",
      { jsonrpc: "2.0", error: { code: -32_601, message: "Method not found" } },
      /API_ERROR .*-32601 Method not found/,
    ],
    [
      "an RFC 7807 problem",
      { type: "about:blank", title: "Too Many Requests", status: 429 },
      /API_ERROR .*429 Too Many Requests/,
    ],
    ["class error", { class: "error", label: "gone" }, /API_ERROR .*gone/],
    ["an error inside a result", { jsonrpc: "2.0", result: { error: "none" } }, /API_ERROR .*none/],
  ];
  for (const [title, content, message] of cases) {
    test(title, async () => assert.match((await files.refuse(content)).message, message));
  }
  test("control characters of a document do not reach the terminal", async () => {
    const error = await files.refuse({ error: [{ label: "\u001b[2Jgone" }] });
    assert.match(error.message, /gone/);
    // oxlint-disable-next-line no-control-regex -- the absence of one is tested
    assert.doesNotMatch(error.message, /\u001b/);
  });
});

describe("what is no JSON is refused with its place", () => {
  const whole = JSON.stringify(smallDataset());
  const cases: readonly (readonly [title: string, content: string, message: RegExp])[] = [
    ["cut off in a name", whole.slice(0, 5), /:1:6 TRUNCATED the document ends after 5 bytes/],
    ["cut off in the values", whole.slice(0, whole.indexOf('"value"') + 12), /TRUNCATED/],
    ["cut off before the last brace", whole.slice(0, -1), /TRUNCATED/],
    ["a comment", '{\n  // here\n  "id": 1}', /:2:3 NOT_JSON a comment/],
    ["a trailing comma", '{"a":1,\n}', /:2:1 NOT_JSON "}" stands where the name of a member should be/],
    ["a word", '{"a": nil}', /:1:7 NOT_JSON "nil" is not a JSON value/],
    ["a leading zero", '{"a": 01}', /NOT_JSON "01"/],
    ["a bad escape", '{"a": "\\x"}', /:1:9 NOT_JSON an escape/],
    ["a raw newline in a text", '{"a": "\n"}', /:1:8 NOT_JSON a control character/],
    ["two documents", `${whole}\n${whole}`, /:2:1 NOT_JSON "{" stands after the end/],
    ["no colon", '{"a" 1}', /:1:6 NOT_JSON "1" stands where the colon after "a" should be/],
    ["a name twice", '{"label":"a",\n"label":"b"}', /:2:1 DUPLICATE_MEMBER "label"/],
    ["nesting without end", "[".repeat(1000), /TOO_DEEP/],
  ];
  for (const [title, content, message] of cases) {
    test(title, async () => assert.match((await files.refuse(content)).message, message));
  }
  test("columns count characters, not bytes", async () => {
    assert.match((await files.refuse('{"æøå": nil}')).message, /:1:9 /);
  });
});

describe("a dataset that cannot be trusted is refused with every reason", () => {
  const geo = { category: { index: { DE: 0, FR: 1 } } };
  const withSex = (category: object): object =>
    smallDataset({ dimension: { ...(smallDataset()["dimension"] as object), sex: { category } } });
  const cases: readonly (readonly [title: string, content: object, codes: readonly string[]])[] = [
    ["too few values", smallDataset({ value: [1, 2, 3] }), ["SIZE_MISMATCH"]],
    ["too many values", smallDataset({ value: [1, 2, 3, 4, 5, 6, 7] }), ["SIZE_MISMATCH"]],
    ["too few statuses", smallDataset({ status: ["a", "b"] }), ["SIZE_MISMATCH"]],
    ["fewer categories than the size", smallDataset({ size: [2, 4], value: {} }), ["SIZE_MISMATCH"]],
    ["a size too few", smallDataset({ size: [6] }), ["SIZE_MISMATCH"]],
    ["no id", smallDataset({ id: undefined }), ["MEMBER_MISSING"]],
    ["no size", smallDataset({ size: undefined }), ["MEMBER_MISSING"]],
    ["no value", smallDataset({ value: undefined }), ["MEMBER_MISSING"]],
    ["a value that is a number", smallDataset({ value: 7 }), ["VALUE_INVALID"]],
    ["a status that is a number", smallDataset({ status: 7 }), ["STATUS_INVALID"]],
    ["a dimension that is not there", smallDataset({ id: ["sex", "geo"] }), ["DIMENSION_MISSING"]],
    ["a dimension twice", smallDataset({ id: ["sex", "sex"], size: [2, 2] }), ["ID_TWICE"]],
    ["a size below zero", smallDataset({ size: [2, -3] }), ["HEADER_INVALID"]],
    ["more cells than can be numbered", smallDataset({ size: [9e9, 9e9], value: {} }), ["TOO_MANY_CELLS"]],
    ["a position twice", withSex({ index: { F: 0, M: 0 } }), ["INDEX_NOT_PERMUTATION"]],
    ["a gap in the positions", withSex({ index: { F: 0, M: 2 } }), ["INDEX_NOT_PERMUTATION"]],
    ["a code twice", withSex({ index: ["F", "F"] }), ["CODE_TWICE"]],
    ["no categories at all", withSex({}), ["CATEGORY_MISSING"]],
    ["children in a circle", withSex({ index: ["F", "M"], child: { F: ["M"], M: ["F"] } }), ["CHILD_CYCLE"]],
    [
      "categories elsewhere",
      smallDataset({ dimension: { sex: { href: "x" }, time: geo } }),
      ["DIMENSION_ELSEWHERE"],
    ],
    ["an index of the wrong kind", withSex({ index: "F" }), ["HEADER_INVALID"]],
  ];
  for (const [title, content, codes] of cases) {
    test(title, async () => assert.deepEqual(await codesOf(content), codes));
  }
  test("several datasets, several dimensions, one error", async () => {
    const broken = {
      sex: { category: { index: { F: 0, M: 5 } } },
      time: { category: { index: ["1", "1", "2"] } },
    };
    const error = await files.refuse({
      one: smallDataset({ dimension: broken }),
      two: smallDataset({ value: [], size: [1, 1] }),
    });
    assert.deepEqual(
      error.problems.map(({ code }) => code),
      ["INDEX_NOT_PERMUTATION", "CODE_TWICE", "SIZE_MISMATCH", "SIZE_MISMATCH"],
    );
    assert.equal(error.exitCode, 1);
  });
  test("the place is that of the member, or of what should hold it", async () => {
    const text = JSON.stringify(smallDataset({ value: [1] }), null, 1);
    const line = text.slice(0, text.indexOf('"value"')).split("\n").length;
    assert.deepEqual(
      (await files.refuse(text)).problems.map((problem) => [problem.line, problem.column]),
      [[line, 11]],
    );
  });
});

describe("what the header says is kept", () => {
  test("id, label, source, updated, header, status labels", async () => {
    const { cubes } = await files.open(
      smallDataset({
        source: "ESTAT",
        updated: "2026-09-21T23:00:00+0200",
        status: { 0: "p" },
        extension: { id: "HLTH_X", status: { label: { p: "provisional" } }, note: [1] },
        role: { metric: ["sex"] },
        note: ["read me"],
      }),
    );
    const { id, label, source, updated, header, statusLabels, cells } = cubes[0]!;
    assert.deepEqual(
      { id, label, source, updated, statusLabels, cells },
      {
        id: "hlth_x",
        label: "small",
        source: "ESTAT",
        updated: { text: "2026-09-21T23:00:00+0200", instant: "2026-09-21T21:00:00Z" },
        statusLabels: { p: "provisional" },
        cells: 6,
      },
    );
    assert.deepEqual(
      Object.keys(header as object).includes("value") || Object.keys(header as object).includes("status"),
      false,
    );
    assert.deepEqual((header as { note: unknown }).note, ["read me"]);
  });

  test("categories: labels, parents, units, decimals, roles", async () => {
    const category = {
      index: { M: 1, F: 0 },
      label: { F: "Women" },
      child: { F: ["M"] },
      unit: { F: { label: "persons", decimals: 1 }, M: { base: "index", symbol: "%" } },
    };
    const { cubes } = await files.open(
      smallDataset({
        dimension: { ...(smallDataset()["dimension"] as object), sex: { label: "Sex", category } },
        role: { metric: ["sex"], time: ["time"], geo: ["gone"] },
        extension: { px: { decimals: 0, tableid: "TAB1" } },
      }),
    );
    assert.equal(cubes[0]!.id, "tab1");
    const [sex, time] = cubes[0]!.dimensions;
    assert.deepEqual(sex, {
      id: "sex",
      column: "sex",
      label: "Sex",
      role: "metric",
      categories: [
        { code: "F", label: "Women", position: 0, parent: null, unit: "persons", decimals: 1 },
        { code: "M", label: null, position: 1, parent: "F", unit: "index", decimals: 0 },
      ],
    });
    assert.deepEqual([time!.column, time!.role], ["time_period", "time"]);
  });

  test("labels without an index stand in the order of the document, also when they look like numbers", async () => {
    const { cubes } = await files.open(
      '{"id":["a"],"size":[3],"dimension":{"a":{"category":{"label":{"10":"ten","9":"nine","x":"ex"}}}},"value":[1,2,3]}',
    );
    assert.deepEqual(
      cubes[0]!.dimensions[0]!.categories.map(({ code }) => code),
      ["10", "9", "x"],
    );
  });

  test("a size list that leaves out dimensions of one category is completed", async () => {
    const dimension = { ...(smallDataset()["dimension"] as object), unit: { category: { index: ["N"] } } };
    const { cubes } = await files.open(smallDataset({ id: ["sex", "unit", "time"], dimension }));
    assert.equal(readRows(cubes[0]!).rows.length, 6);
  });

  test("a byte order mark is no obstacle", async () => {
    assert.equal((await files.open(`\ufeff${JSON.stringify(smallDataset())}`)).cubes.length, 1);
  });

  test("braces in texts are not taken for the end of the values", async () => {
    const value = { 0: "}", 1: '},"size":[1]', 2: '"}}', 3: 1 };
    const { cubes } = await files.open(smallDataset({ value }));
    assert.deepEqual(
      readRows(cubes[0]!).rows.map((row) => row["value_text"]),
      ["}", '},"size":[1]', '"}}', null],
    );
  });
});

test("a list beside the datasets must be JSON, and may hold anything", async () => {
  const bundle = (list: string): string =>
    `{"dataset":${JSON.stringify(smallDataset())},"meta":{"value":${list}}}`;
  assert.equal((await files.open(bundle('{"a":[1,{"b":"}"}]}'))).cubes.length, 1);
  assert.match((await files.refuse(bundle('{"0":nope}'))).message, /NOT_JSON "nope"/);
});

test("a file that is not there is the disk's fault, not the document's", async () => {
  await assert.rejects(openDocument("/nowhere/x.json"), OperationError);
});

test("a document that changes between header and values is refused", async () => {
  const path = files.write(smallDataset());
  const { cubes } = await openDocument(path);
  appendFileSync(path, " ");
  assert.throws(() => cubes[0]!.observations(() => {}), /CHANGED/);
});
