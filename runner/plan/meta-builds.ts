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

export const readBuilds = (scope: string, dialect: Dialect): string =>
  `select node_id, build_id, sql_hash, settings_hash, inputs, built_at from ${dialect.quoteRelation(BUILDS.relation)} where scope = ${dialect.literal(scope)}`;

/** A record takes the place of what was known of its node. */
export function replaceBuilds(
  scope: string,
  records: ReadonlyMap<string, BuildRecord>,
  dialect: Dialect,
): string[] {
  if (records.size === 0) return [];
  const ids = dialect.rowsOf(
    ["text"],
    Array.from(records.keys(), (id) => [id]),
  );
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
    `delete from ${dialect.quoteRelation(BUILDS.relation)} where scope = ${dialect.literal(scope)} and node_id in (${ids})`,
    ...insertMetaRows(BUILDS, rows, dialect),
  ];
}
