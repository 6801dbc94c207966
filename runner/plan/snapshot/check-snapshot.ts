import { didYouMean } from "../../base/nearest.ts";
import type { Problem } from "../../base/problems.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import type { SnapshotNode } from "../../graph/types.ts";
import type { CurrentRelation } from "../step.ts";

/** What does not fit between a snapshot's configuration, its query and the table that holds what it kept so far. */
export function checkSnapshot(
  node: SnapshotNode,
  columns: readonly string[],
  current: CurrentRelation,
  dialect: Dialect,
): Problem[] {
  const { config, place } = node;
  const key = (name: string): string => dialect.identifierKey(name);
  const given = new Set(columns.map(key));
  const names = Object.entries(config.snapshot_meta_column_names);
  const problem = (code: string, message: string, hint: string): Problem => ({
    ...place,
    code,
    message,
    hint,
  });
  const named = [
    ...config.unique_key.map((name) => ["unique_key", name] as const),
    ...(config.updated_at === null ? [] : [["updated_at", config.updated_at] as const]),
    ...(Array.isArray(config.check_cols) ? config.check_cols : []).map(
      (name: string) => ["check_cols", name] as const,
    ),
  ];
  const unknown = named
    .filter(([, name]) => !given.has(key(name)))
    .map(([setting, name]) =>
      problem(
        "COLUMN_UNKNOWN",
        `${setting} names "${name}", which the relation does not have`,
        didYouMean(name, columns) ?? `its columns are ${columns.map((each) => `"${each}"`).join(", ")}`,
      ),
    );
  const taken = names
    .filter(([, name]) => given.has(key(name)))
    .map(([meaning, name]) =>
      problem(
        "COLUMN_TAKEN",
        `the relation has a column "${name}" of its own`,
        `give the snapshot's column another name: snapshot_meta_column_names: {${meaning}: …}`,
      ),
    );
  return [...unknown, ...taken, ...checkTable(node, current, dialect)];
}

function checkTable(
  { relation, config, place }: SnapshotNode,
  current: CurrentRelation,
  dialect: Dialect,
): Problem[] {
  if (current === null) return [];
  const table = dialect.quoteRelation(relation);
  const hint = "rename it or give the snapshot another alias: it holds what cannot be queried again";
  if (current.kind === "view") {
    return [
      {
        ...place,
        code: "SNAPSHOT_TABLE_INVALID",
        message: `${table} is a view, no snapshot`,
        hint,
      },
    ];
  }
  const held = new Set(current.columns.map(({ name }) => dialect.identifierKey(name)));
  const missing = Object.entries(config.snapshot_meta_column_names)
    // A table from before deletions were noted gets the column.
    .filter(([meaning, name]) => meaning !== "dbt_is_deleted" && !held.has(dialect.identifierKey(name)))
    .map(([, name]) => `"${name}"`);
  if (missing.length === 0) return [];
  const message = `the table ${table} lacks ${missing.join(", ")}: no snapshot made it, or its columns were renamed`;
  return [{ ...place, code: "SNAPSHOT_TABLE_INVALID", message, hint }];
}
