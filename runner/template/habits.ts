/* What hands know from dbt's Jinja, and what is said here instead: by the first name of what is called, and by the second where that tells more. */

const FIRST: Readonly<Record<string, string>> = {
  adapter: "a macro that differs by engine is written twice: duckdb__name and default__name",
  this: "only what is a table of its own has {{ this }}: a model, a snapshot, the hooks of these; write ref('…')",
  loop: "within {{#each}} there are first, last and index",
  modules: "write a macro in TypeScript: macros/*.ts",
  return: "a macro comes to its text; a macro in TypeScript returns lists and maps",
  caller: "give the text to the macro as an argument",
  config: "what the node is configured as is in {{ model.config }}: model.config.materialized",
  run_started_at: "it is a text, the instant in UTC: cast({{ run_started_at }} as timestamp)",
  range: "write the list, set it under vars, or return it from a macro in TypeScript",
  log: "there is no log; {{! … }} is a comment",
  print: "there is no print; {{! … }} is a comment",
  exceptions: "a macro in TypeScript throws an Error: it is told with the place of the call",
  dbt: "macros that spell what engines spell differently are called by their name alone: dateadd('day', 1, 'x')",
  dbt_utils:
    "tests like those of dbt_utils are shipped and named without it; get_column_values and date_series too",
  statement: "run_query('select …') gives rows",
  load_result: "run_query('select …') gives rows",
  before_begin: "write {sql: …, transaction: false}",
  after_commit: "write {sql: …, transaction: false}",
  flags: "flags are known in models, tests, macros and hooks: flags.FULL_REFRESH, flags.WHICH",
  graph:
    "a hook at the end of a run has results, each with its node; {{ model }} is the node itself, and target/manifest.json holds them all",
  model:
    "only what is a table of its own has {{ model }}: a model, a snapshot, the hooks of these; a generic test takes it as an argument",
};

const FULL: Readonly<Record<string, string>> = {
  "adapter.quote": "write identifier('x')",
  "adapter.get_columns_in_relation":
    "ask for them: run_query(\"select column_name from information_schema.columns where table_name = 'x'\")",
  "adapter.get_relation": "what a node is built from is found before anything runs: write ref('x')",
  "dbt.date_trunc": "both engines know date_trunc('month', x)",
  "dbt.type_string": "write the type: varchar",
  "dbt.current_timestamp": "write now()",
  "dbt.concat": "write a || b",
  "dbt_utils.date_spine": "date_series(\"'2024-01-01'\", \"'2024-12-31'\", 'month') is a subquery of days",
  "dbt_utils.deduplicate":
    "both engines know row_number() over (partition by … order by …), DuckDB qualify with it",
  "dbt_utils.generate_surrogate_key":
    "write md5(concat_ws('|', coalesce(cast(a as varchar), '-'), coalesce(cast(b as varchar), '-')))",
  "dbt_utils.get_column_values": "write get_column_values(ref('x'), 'column')",
  "dbt_utils.group_by": "DuckDB knows group by all",
  "dbt_utils.pivot":
    "{{#each get_column_values(ref('x'), 'y') as v}} sum(case when y = {{ v }} then z end) …",
  "dbt_utils.safe_divide": "write a / nullif(b, 0)",
  "dbt_utils.star": "DuckDB knows select * exclude (a, b)",
  "dbt_utils.surrogate_key":
    "write md5(concat_ws('|', coalesce(cast(a as varchar), '-'), coalesce(cast(b as varchar), '-')))",
  "dbt_utils.union_relations": "DuckDB knows union all by name",
};

export function habitOf([first = "", second]: readonly string[]): string | undefined {
  const full = `${first}.${second}`;
  if (Object.hasOwn(FULL, full)) return FULL[full];
  return Object.hasOwn(FIRST, first) ? FIRST[first] : undefined;
}
