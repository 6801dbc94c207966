import assert from "node:assert/strict";
import {
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import { compileProject } from "../../../../runner/api/compile-project.ts";
import { openProject } from "../../../../runner/api/open-project.ts";
import type { OpenOptions } from "../../../../runner/api/open-project.ts";
import { LazyMap } from "../../../../runner/graph/lazy-map.ts";
import { ProjectError } from "../../../../runner/base/errors.ts";
import { makeProject, models } from "../../../support/models.ts";
import { writeFiles } from "../../../support/temp.ts";

const files: Readonly<Record<string, string>> = {
  "sql_project.yaml": `name: p
target: dev
targets:
  dev: {type: duckdb, path: data/w.duckdb}
  prod: {type: duckdb, path: data/w.duckdb, schema: prod}
vars: {first: 2010, names: [a, b]}
models:
  staging: {+materialized: view, +tags: [staging]}
  marts: {+materialized: table, +schema: "\${MART_SCHEMA:-marts}"}
on-run-start: ["select 1"]
`,
  "seeds/codes.csv": "id,name\n1,a\n",
  "macros/m.sql":
    "{{! macro since(x, from=5) }}\n{{ x }} >= {{ from }} + {{ var('first') }}\n\n{{! macro twice(x) }}\n2 * {{ x }}\n",
  "macros/script.mjs":
    "import { word } from './word.mjs';\nexport function scripted(a) { return `${a} as ${word}`; }\n",
  "macros/word.mjs": "export const word = 'w';\n",
  "models/staging/a.sql": "select 1 as id, {{ since('2011') }} as ok",
  "models/staging/b.sql":
    "{{ config(meta={'owner': env_var('OWNER', 'nobody'), 'dotted': env_var('DOTTED', '-')}) }} select {{ twice('id') }} as id from {{ ref('a') }}",
  "models/staging/e.sql":
    "{{ config(materialized='ephemeral') }} select id from {{ ref('b') }} -- {{ env_var('LATER', 'x') }}",
  "models/marts/c.sql":
    "{{ config(tags=['c']) }} select e.id, {{ scripted('1') }} from {{ ref('e') }} e join {{ ref('codes') }} using (id)",
  "models/marts/d.sql": "select id from {{ source('raw', 't') }} where '{{ target.name }}' <> 'x'",
  "models/staging/v_v1.sql": "select 1 as id",
  "models/staging/v_v2.sql": "select id from {{ ref('v', v=1) }}",
  "models/marts/off.sql": "{{ config(enabled=var('first') > 3000) }} select 1 as id",
  "models/_models.yml": `models:
  - name: a
    description: "{{ doc('about') }}"
    columns: [{name: id, data_tests: [unique, {accepted_values: {values: [1, 2], config: {where: "id > {{ var('first') }}"}}}]}]
  - name: c
    config: {contract: {enforced: false}, meta: {"__proto__": {x: 1}, deep: {list: [1, {k: v}]}, by: "{{ env_var('IN_YAML', 'nobody') }}"}}
    columns: [{name: id, description: Key., data_tests: [not_null]}]
  - name: v
    access: protected
    group: g
    latest_version: 1
    deprecation_date: 2099-01-01
    versions: [{v: 1}, {v: 2, columns: [{include: all}]}]
groups: [{name: g, owner: {name: me}}]
sources:
  - {name: raw, schema: "{{ target.schema }}", description: "{{ doc('about') }}", tables: [{name: t, columns: [{name: id, data_tests: [unique]}]}]}
exposures:
  - {name: report, type: dashboard, owner: {name: me}, depends_on: ["ref('c')"]}
unit_tests:
  - {name: adds, model: b, given: [{input: "ref('a')", rows: [{id: 1}]}], expect: {rows: [{id: 2}]}}
`,
  "models/docs.md": "{% docs about %}\nAll about it.\n{% enddocs %}\n",
  "snapshots/s.yml":
    "snapshots: [{name: s, relation: ref('a'), config: {strategy: check, unique_key: id, check_cols: all}}]",
  "tests/data/singular.sql": "select * from {{ ref('a') }} where id < 0",
};

/** What was opened, by its manifest and SQL; or what was wrong. `taken`: an earlier process had parsed it. */
type Seen =
  | { readonly manifest: string; readonly sql: readonly string[]; readonly taken: boolean }
  | { readonly problems: string };
type Situation = {
  readonly env: Record<string, string>;
  readonly options: OpenOptions;
  readonly ahead: number;
  readonly select: string[];
};
type Manifest = {
  metadata?: unknown;
  readonly nodes: Readonly<Record<string, { readonly compiled_path: string }>>;
};

async function look(cwd: string, { env, options, ahead, select }: Situation, cache: boolean): Promise<Seen> {
  const sink = { write: () => undefined, isTerminal: false, width: 80 };
  const now = (): Date => new Date(Date.now() + ahead);
  const targetPath = cache ? "target" : "other";
  try {
    const effects = { now, env, cwd, stdout: sink, stderr: sink };
    const open = await openProject({ ...options, targetPath, cache }, effects);
    const { compiled } = await compileProject(open, { select, exclude: [] });
    const manifest = readFileSync(join(cwd, targetPath, "manifest.json"), "utf8");
    const { metadata: _, ...rest } = JSON.parse(
      manifest.replaceAll('"other/compiled/', '"target/compiled/'),
    ) as Manifest;
    const sql = [...compiled.keys()].map((id) =>
      readFileSync(join(cwd, rest.nodes[id]!.compiled_path.replace(/^target/, targetPath)), "utf8"),
    );
    return { manifest: JSON.stringify(rest), sql, taken: open.parsed.graph.nodes instanceof LazyMap };
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error;
    return { problems: JSON.stringify(error.problems) };
  }
}

/** The same with a cache and without. */
async function same(cwd: string, situation: Situation): Promise<Seen> {
  const withCache = await look(cwd, situation, true);
  const without = await look(cwd, situation, false);
  assert.deepEqual({ ...withCache, taken: false }, { ...without, taken: false });
  return withCache;
}

const edit = (cwd: string, file: string, change: (text: string) => string): void => {
  const path = join(cwd, file);
  if (existsSync(path)) writeFileSync(path, change(readFileSync(path, "utf8")));
};

type Step = (cwd: string, situation: Situation, n: number) => void;
const cached = (cwd: string): string[] => {
  const folder = join(cwd, "target/parsed");
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
};

const steps: Record<string, Step> = {
  nothing: () => undefined,
  "a comment in a model": (cwd, _, n) => edit(cwd, "models/staging/a.sql", (text) => `${text} -- ${n}`),
  "another macro in a model": (cwd, _, n) =>
    edit(cwd, "models/staging/a.sql", (text) =>
      text.replace(/,.*as ok/, n % 2 ? ", {{ twice('1') }} as ok" : ", {{ since('1') }} as ok"),
    ),
  "a query of the warehouse": (cwd, _, n) =>
    edit(cwd, "models/marts/d.sql", (text) =>
      n % 2 ? text.replace("'x'", "'{{ execute }}'") : text.replace("'{{ execute }}'", "'x'"),
    ),
  "another SQL of an ephemeral model": (cwd, _, n) =>
    edit(cwd, "models/staging/e.sql", (text) =>
      text.replace(/select .*id from/, `select ${n} + id as id from`),
    ),
  "a variable that a model asks for": (cwd, _, n) =>
    edit(cwd, "models/staging/b.sql", (text) =>
      text.replace(/env_var\('[A-Z0-9]+'/, `env_var('${n % 2 ? "OWNER" : "LATER"}'`),
    ),
  "another parent": (cwd, _, n) =>
    edit(cwd, "models/marts/c.sql", (text) => text.replace(/ref\('[abe]'\)/, `ref('${"abe"[n % 3]}')`)),
  "a config": (cwd, _, n) =>
    edit(cwd, "models/marts/c.sql", (text) => text.replace(/tags=\['c\d*'\]/, `tags=['c${n}']`)),
  "a letter, at the same size and time": (cwd, _, n) => {
    edit(cwd, "models/staging/a.sql", (text) => text.replace(/select \d/, `select ${n % 10}`));
    utimesSync(join(cwd, "models/staging/a.sql"), 1_600_000_000, 1_600_000_000);
  },
  "a description": (cwd, _, n) =>
    edit(cwd, "models/_models.yml", (text) => text.replace(/Key\d*\./, `Key${n}.`)),
  "a test": (cwd, _, n) =>
    edit(cwd, "models/_models.yml", (text) =>
      text.replace(/\[not_null.*?\]/, n % 2 ? "[not_null, unique]" : "[not_null]"),
    ),
  "a line above all tests": (cwd) => edit(cwd, "models/_models.yml", (text) => `# a line\n${text}`),
  "a macro": (cwd, _, n) => edit(cwd, "macros/m.sql", (text) => text.replace(/^\d+ \*/m, `${n} *`)),
  "a macro's default": (cwd, _, n) =>
    edit(cwd, "macros/m.sql", (text) => text.replace(/from=\d+/, `from=${n}`)),
  "what a script imports": (cwd, _, n) =>
    edit(cwd, "macros/word.mjs", () => `export const word = 'w${n}';\n`),
  "a doc block": (cwd, _, n) => edit(cwd, "models/docs.md", (text) => text.replace(/it\d*\./, `it${n}.`)),
  "a seed's header": (cwd, _, n) => edit(cwd, "seeds/codes.csv", () => `id,name${n}\n1,a\n`),
  "a project variable": (cwd, _, n) =>
    edit(cwd, "sql_project.yaml", (text) => text.replace(/first: \d+/, `first: ${2000 + n}`)),
  "--vars": (_, situation, n) =>
    Object.assign(situation.options, { vars: n % 3 ? { first: n * 500 } : undefined }),
  "a variable of the environment": (_, { env }, n) =>
    n % 3 ? void (env["OWNER"] = `o${n}`) : Reflect.deleteProperty(env, "OWNER"),
  "another selection": (_, { select }, n) =>
    void select.splice(0, select.length, ...["a", "b+", "c"].slice(n % 4, (n % 4) + 1)),
  "one that only SQL asks for": (_, { env }, n) => void (env["LATER"] = `l${n}`),
  "one that only YAML asks for": (_, { env }, n) => void (env["IN_YAML"] = `y${n}`),
  "one that the project file asks for": (_, { env }, n) => void (env["MART_SCHEMA"] = `m${n}`),
  "one of .env": (cwd, _, n) => void writeFiles(cwd, { ".env": `DOTTED=${n}\n` }),
  "another target": (_, situation, n) => Object.assign(situation.options, { target: n % 2 ? "prod" : "dev" }),
  "a new model": (cwd, _, n) =>
    void writeFiles(cwd, { [`models/staging/new${n}.sql`]: "select id from {{ ref('a') }}" }),
  "a model gone": (cwd, _, n) => rmSync(join(cwd, `models/staging/new${n}.sql`), { force: true }),
  "a renamed model": (cwd, _, n) =>
    existsSync(join(cwd, "models/marts/d.sql"))
      ? renameSync(join(cwd, "models/marts/d.sql"), join(cwd, `models/marts/d${n}.sql`))
      : undefined,
  "a folder moved": (cwd) =>
    existsSync(join(cwd, "models/marts"))
      ? renameSync(join(cwd, "models/marts"), join(cwd, "models/staging/marts"))
      : renameSync(join(cwd, "models/staging/marts"), join(cwd, "models/marts")),
  "a mistake": (cwd, _, n) =>
    edit(cwd, "models/staging/b.sql", (text) =>
      n % 2 ? text.replace("ref('a')", "ref('aa')") : text.replace("ref('aa')", "ref('a')"),
    ),
  "a new macro that takes the place of another": (cwd, _, n) =>
    n % 2
      ? void writeFiles(cwd, { "macros/engine.sql": "{{! macro duckdb__twice(x) }}\n{{ x }} + {{ x }}\n" })
      : rmSync(join(cwd, "macros/engine.sql"), { force: true }),
  "names by a script": (cwd, _, n) =>
    n % 2
      ? void writeFiles(cwd, {
          "macros/names.mjs": "export function generate_schema_name(custom) { return custom ?? 'named'; }\n",
        })
      : rmSync(join(cwd, "macros/names.mjs"), { force: true }),
  "an SQL file below target that somebody edits": (cwd) =>
    edit(cwd, "target/compiled/p/models/staging/a.sql", () => "select 'mine'"),
  "a manifest that somebody edits": (cwd) =>
    edit(cwd, "target/manifest.json", (text) => text.replace('"p"', '"q"')),
  "a file that is cut off": (cwd, _, n) => {
    const all = cached(cwd);
    const path = all[n % Math.max(all.length, 1)];
    if (path) writeFileSync(path, readFileSync(path).subarray(0, n * 10));
  },
  "a byte that is another": (cwd, _, n) => {
    const all = cached(cwd);
    const path = all[n % Math.max(all.length, 1)];
    if (!path) return;
    const bytes = readFileSync(path);
    if (bytes.length > 0) bytes[(n * 7919) % bytes.length]! ^= 1;
    writeFileSync(path, bytes);
  },
  "a file of another kind": (cwd, _, n) => {
    const all = cached(cwd);
    const path = all[n % Math.max(all.length, 1)];
    if (path) writeFileSync(path, "{}");
  },
  "a file that is gone": (cwd, _, n) => {
    const all = cached(cwd);
    const path = all[n % Math.max(all.length, 1)];
    if (path) rmSync(path);
  },
  "another build of the program": (_cwd, _s, n) =>
    void Object.assign(globalThis, { STATLOOM_BUILD: `test${n % 2}` }),
};

describe("what is kept of a parsed project", () => {
  // Sources keep nothing, as they may be edited at any time: only a bundle knows what it was made of.
  before(() => void Object.assign(globalThis, { STATLOOM_BUILD: "test" }));
  after(() => void Reflect.deleteProperty(globalThis, "STATLOOM_BUILD"));

  test("is taken as long as nothing has changed, and only then", async () => {
    const cwd = makeProject(files);
    const situation: Situation = { env: {}, options: {}, ahead: 10_000, select: [] };
    const taken = async (): Promise<unknown> => {
      const seen = await look(cwd, situation, true);
      assert.ok("taken" in seen, JSON.stringify(seen));
      return seen.taken;
    };
    assert.deepEqual([await taken(), await taken()], [false, true]);
    steps["one that only SQL asks for"]!(cwd, situation, 1);
    assert.equal(await taken(), true);
    utimesSync(join(cwd, "models/staging/a.sql"), 1, 1);
    assert.equal(await taken(), true, "the file says the same");
    // Models that say something else but are no others in any other way are made again one by one.
    const harmless =
      /nothing|another macro|another selection|of an ephemeral|the warehouse|a comment|a letter|a model asks for|only SQL|somebody edits|gone|mistake|^a (?:file|byte)/;
    for (const [name, step] of Object.entries(steps)) {
      if (harmless.test(name)) continue;
      assert.equal(await taken(), true, `before ${name}`);
      step(cwd, situation, 7);
      assert.equal(await taken(), false, name);
      // A script that is called while a project is parsed may look at anything: nothing is kept.
      if (name === "names by a script") {
        step(cwd, situation, 0);
        await taken();
      }
    }
    for (const file of cached(cwd).filter((path) => /header|graph/.test(path))) {
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(file, bytes);
      assert.deepEqual([await taken(), await taken()], [false, true], file);
    }
  });

  test("is nothing to a unit test that says something else", async () => {
    const cwd = makeProject({
      "sql_project.yaml": files["sql_project.yaml"]!,
      "macros/m.sql": "{{! macro one() }}\n1\n",
      "models/m.sql": "select {{ var('first') }} as first, {{ one() }} as one",
      "models/m.yml":
        "unit_tests: [{name: u, model: m, given: [], expect: {rows: [{first: 7, one: 2}]}, overrides: {vars: {first: 7}, macros: {one: 2}}}]",
    });
    for (const words of [["compile"], ["test"], ["test"]]) {
      const { code, out, err } = await models(cwd, words);
      assert.equal(code, 0, out + err);
    }
  });

  test("is never seen in what a project comes to, whatever is edited", async () => {
    const names = Object.keys(steps);
    const walk = fc.array(fc.tuple(fc.constantFrom(...names), fc.nat(9)), { minLength: 3, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(walk, fc.constantFrom(0, 10_000), async (way, ahead) => {
        const cwd = makeProject(files);
        const situation: Situation = { env: {}, options: {}, ahead, select: [] };
        await same(cwd, situation);
        for (const [name, n] of way) {
          steps[name]!(cwd, situation, n);
          await same(cwd, situation);
        }
      }),
      // More of them when something in it has been changed.
      { numRuns: Number(process.env["STATLOOM_TEST_CACHE_WALKS"] ?? 4) },
    );
  });
});
