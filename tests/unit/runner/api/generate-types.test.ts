import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { z } from "zod";
import { packageRoot } from "../../../../runner/base/package-root.ts";
import { stripTypesOnImport } from "../../../../runner/template/strip-types-hook.ts";
import { makeProject, models, rowsOf } from "../../../support/models.ts";

const files = {
  "models/fct orders.sql": `select 1 as id, 12345678901 as big, 1.50 as price, 0.5::double as share, 'paid' as state, date '2024-01-02' as day,
  timestamp '2024-01-02 03:04:05' as at, [1, null] as list, {'a b': 1, 'c': {'d': ['x']}} as deep, map {'k': 2} as pairs, 'é'::enum('é', 'it''s, (so)') as kind,
  null::varchar as "weird ""name""", true as flag, uuid() as token, '{"a": 1}'::json as doc, 3 as level
union all select 2, null, null, null, 'open', null, null, null, null, null, null, null, null, null, null, 4`,
  "models/plain.sql": "{{ config(materialized='ephemeral') }} select 1 as x",
  "models/p.yml": `models:
  - name: fct orders
    description: |
      Orders, one a row.
      Not */ all of them.
    columns:
      - {name: id, description: The order., data_tests: [not_null, unique]}
      - {name: STATE, data_tests: [not_null, {accepted_values: {values: [paid, open]}}]}
      - {name: level, data_tests: [{accepted_values: {values: [3, 4, 5], quote: false}}]}
      - {name: share, data_tests: [{not_null: {config: {severity: warn}}}]}
      - {name: day, data_tests: [{not_null: {config: {where: "id = 1"}}}]}
`,
};

describe("generate types", () => {
  test("types and schemas that a compiler takes, and that the rows have", async () => {
    const root = makeProject(files);
    assert.equal((await models(root, ["build", "-q"])).code, 0);
    const { code, out, err } = await models(root, ["generate", "types", "--output", "src/types.ts"]);
    assert.deepEqual([code, out, err], [0, "src/types.ts written: 1 type\n", ""]);
    assert.equal(
      readFileSync(join(root, "src/types.ts"), "utf8"),
      `// Written by \`models generate types\`: change the project, not this file.
import { z } from "zod";

/**
 * Orders, one a row.
 * Not *\\/ all of them.
 */
export type FctOrders = {
  /** The order. */
  readonly id: number;
  readonly big: string | null;
  readonly price: string | null;
  readonly share: number | null;
  readonly state: "paid" | "open";
  readonly day: string | null;
  readonly at: string | null;
  readonly list: readonly (number | null)[] | null;
  readonly deep: { readonly "a b": number | null; readonly c: { readonly d: readonly (string | null)[] | null } | null } | null;
  readonly pairs: readonly ({ readonly key: string | null; readonly value: number | null } | null)[] | null;
  readonly kind: "é" | "it's, (so)" | null;
  readonly "weird \\"name\\"": string | null;
  readonly flag: boolean | null;
  readonly token: string | null;
  readonly doc: string | null;
  readonly level: 3 | 4 | 5 | null;
};
export const fctOrdersSchema = z.object({
  id: z.number(),
  big: z.string().nullable(),
  price: z.string().nullable(),
  share: z.number().nullable(),
  state: z.enum(["paid", "open"]),
  day: z.string().nullable(),
  at: z.string().nullable(),
  list: z.array(z.number().nullable()).nullable(),
  deep: z.object({ "a b": z.number().nullable(), c: z.object({ d: z.array(z.string().nullable()).nullable() }).nullable() }).nullable(),
  pairs: z.array(z.object({ key: z.string().nullable(), value: z.number().nullable() }).nullable()).nullable(),
  kind: z.enum(["é", "it's, (so)"]).nullable(),
  "weird \\"name\\"": z.string().nullable(),
  flag: z.boolean().nullable(),
  token: z.string().nullable(),
  doc: z.string().nullable(),
  level: z.union([z.literal(3), z.literal(4), z.literal(5)]).nullable(),
}) satisfies z.ZodType<FctOrders>;
`,
    );
    symlinkSync(join(packageRoot(), "node_modules"), join(root, "node_modules"));
    writeFileSync(
      join(root, "src/use.ts"),
      `import { fctOrdersSchema } from "./types.ts";
import type { FctOrders } from "./types.ts";
export const read = (rows: unknown[]): FctOrders[] => rows.map((row) => fctOrdersSchema.parse(row));
export const states: Record<FctOrders["state"], number> = { paid: 1, open: 2 };
// @ts-expect-error -- it has no such value
export const wrong: FctOrders["state"] = "shipped";
// @ts-expect-error -- it may be null
export const price = (row: FctOrders): string => row.price;
`,
    );
    const tsc = join(packageRoot(), "node_modules/typescript/bin/tsc");
    const flags =
      "--noEmit --strict --skipLibCheck --target es2022 --module nodenext --allowImportingTsExtensions";
    execFileSync(process.execPath, [tsc, ...flags.split(" "), "--types", "node", "src/use.ts"], {
      cwd: root,
      stdio: "pipe",
    });
    await stripTypesOnImport();
    const { fctOrdersSchema } = (await import(join(root, "src/types.ts"))) as {
      fctOrdersSchema: z.ZodObject;
    };
    const rows = await rowsOf(root, "select * from {{ ref('fct orders') }} order by id");
    assert.equal(rows.length, 2);
    for (const row of rows) assert.deepEqual(fctOrdersSchema.strict().parse(row), row);
    assert.ok(!fctOrdersSchema.safeParse({ ...(rows[0] as object), state: "shipped" }).success);
  });

  test("without a warehouse, without zod, with dates, and checked in CI", async () => {
    const root = makeProject({ ...files, "models/b.sql": "select current_date as day, 1 as n" });
    const words = ["generate", "types", "-s", "b", "--no-zod", "--dates", "Date"];
    const { code, out } = await models(root, words);
    assert.equal(code, 0);
    assert.match(
      out,
      /export type B = \{\n {2}readonly day: Date \| null;\n {2}readonly n: number \| null;\n\};\n$/,
    );
    assert.doesNotMatch(out, /zod/);
    const checked = [...words, "--output", "b.ts", "--check"];
    const missing = await models(root, checked);
    assert.deepEqual(
      [missing.code, missing.err],
      [1, "b.ts is not there: models generate types --output b.ts\n"],
    );
    assert.equal((await models(root, checked.slice(0, -1))).code, 0);
    assert.equal((await models(root, checked)).code, 0);
    writeFileSync(join(root, "models/b.sql"), "select current_date as day");
    const stale = await models(root, checked);
    assert.equal(stale.code, 1);
    assert.match(stale.err, /is not what the project says/);
    assert.match((await models(root, ["generate", "types", "--check"])).err, /ARGUMENT_MISSING/);
  });

  test("of a contract, what it promises; of what nobody knows, an error; of two of one name, too", async () => {
    const root = makeProject({
      "models/a.sql": "select * from {{ source('raw', 't') }}",
      "models/c.sql": "select * from {{ source('raw', 't') }}",
      "models/a-b.sql": "select 1 as x",
      "models/a_b.sql": "select 1 as x",
      "models/p.yml": `sources: [{name: raw, tables: [{name: t}]}]
models:
  - name: c
    config: {contract: {enforced: true}}
    columns: [{name: id, data_type: bigint, constraints: [{type: primary_key}]}, {name: day, data_type: "timestamp with time zone"}]
`,
    });
    const versions = makeProject({
      "models/f_v1.sql": "select 1 as x",
      "models/f_v2.sql": "select 2 as y",
      "models/p.yml": "models: [{name: f, latest_version: 2, versions: [{v: 1}, {v: 2}]}]\n",
    });
    const both = await models(versions, ["generate", "types", "--no-zod"]);
    assert.match(both.out, /type FV1 = \{\n {2}readonly x[^]*type FV2 = \{\n {2}readonly y/, both.err);
    const { out } = await models(root, ["generate", "types", "-s", "c", "--no-zod"]);
    assert.match(out, /readonly id: string;\n {2}readonly day: string \| null;/);
    const unknown = await models(root, ["generate", "types", "-s", "a"]);
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /COLUMNS_UNKNOWN the columns of 1 relation are not known: "a"/);
    assert.match(
      (await models(root, ["generate", "types", "-s", "a-b", "a_b"])).err,
      /TYPE_NAME_TAKEN "a-b" and "a_b" would both be the type AB/,
    );
  });
});
