import type { Dialect } from "../dialects/dialect.ts";
import { insertMetaRows, metaTable } from "./meta-rows.ts";
import type { BuildRecord } from "./changed/decide.ts";

/** What each relation was built from, and each test last passed with; `scope` is the schema of the target. */
export const BUILDS = metaTable("statloom_builds", [
  ["scope", "text"],
  ["node_id", "text"],
  ["build_id", "text"],
  ["sql_hash", "text"],
  ["settings_hash", "text"],
  ["inputs", "text"],
  ["built_at", "text"],
]);

/** `ids`: of these nodes; null: of all. */
export const readBuilds = (scope: string, dialect: Dialect, ids: Iterable<string> | null = null): string =>
  `select node_id, build_id, sql_hash, settings_hash, inputs, built_at from ${buildsOf(scope, dialect, ids)}`;

function buildsOf(scope: string, dialect: Dialect, ids: Iterable<string> | null): string {
  const all = `${dialect.quoteRelation(BUILDS.relation)} where scope = ${dialect.literal(scope)}`;
  return ids === null
    ? all
    : `${all} and node_id in (${dialect.rowsOf(
        ["text"],
        Array.from(ids, (id) => [id]),
      )})`;
}

/** A record takes the place of what was known of its node. */
export function replaceBuilds(
  scope: string,
  records: ReadonlyMap<string, BuildRecord>,
  dialect: Dialect,
): string[] {
  if (records.size === 0) return [];
  const rows = Array.from(records, ([id, { buildId, sql, settings, inputs, builtAt }]) => [
    scope,
    id,
    buildId,
    sql,
    settings,
    JSON.stringify(inputs),
    new Date(builtAt).toISOString(),
  ]);
  return [
    `delete from ${buildsOf(scope, dialect, records.keys())}`,
    ...insertMetaRows(BUILDS, rows, dialect),
  ];
}
