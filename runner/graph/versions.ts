import { isObject } from "../base/json.ts";
import type { Version } from "../project/govern-schema.ts";
import type { AnyNode, ModelNode, Relation } from "./types.ts";
import type {
  ColumnProperties,
  ModelProperties,
  TestProperties,
  VersionProperties,
} from "../project/types.ts";

/** What is said of a model, or of one of its versions; `version` null: it has none. */
export type VersionedProperties = ModelProperties & {
  readonly version: Version | null;
  readonly latestVersion: Version | null;
};

/** Numbers by their value, everything else as text; dbt's order. */
export function compareVersions(a: Version, b: Version): number {
  const [x, y] = [Number(a), Number(b)];
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

/** `2` and `"2"` are one version. */
export const isSameVersion = (a: Version, b: Version): boolean => String(a) === String(b);

/** What a reference calls a model: `orders`, `orders.v2`. */
export const versionedName = (name: string, version: Version | null): string =>
  version === null ? name : `${name}.v${version}`;

/** A version as a part of a relation's name, dbt's way: `orders_v1_5`. */
export const versionedAlias = (name: string, version: Version | null): string =>
  version === null ? name : `${name}_v${String(version).replaceAll(".", "_")}`;

/** What people call a node: a version of a model as references do. */
export const nameWithVersion = (node: AnyNode): string => {
  if (node.resourceType === "model") return versionedName(node.name, node.version);
  const isOfVersion = node.resourceType === "unit_test" && node.version !== null;
  return isOfVersion ? `${node.name}_v${node.version}` : node.name;
};

/** That a reference means which names no version. */
export const isLatestVersion = (node: AnyNode): boolean =>
  node.resourceType === "model" &&
  node.version !== null &&
  node.latestVersion !== null &&
  isSameVersion(node.version, node.latestVersion);

/** Whether people may call it that: a model that has versions goes by its own name as the latest of them. */
export const goesBy = (node: AnyNode, name: string): boolean =>
  nameWithVersion(node) === name || (node.name === name && isLatestVersion(node));

/** Where the view that shows the latest version of a model is; null: the node is not that version, or nobody asked for one. */
export function pointerOf(node: ModelNode): Relation | null {
  const { config, name, relation, pointerAlias } = node;
  const { enabled, alias } = config.latest_version_pointer;
  if (!enabled || !isLatestVersion(node)) return null;
  return config.materialized === "ephemeral"
    ? null
    : { ...relation, identifier: pointerAlias ?? alias ?? name };
}

/** The one that `ref` means where it says none. */
export const latestOf = ({ latest, versions }: ModelProperties): Version | null =>
  latest?.version ??
  versions
    .map(({ v }) => v)
    .toSorted(compareVersions)
    .at(-1) ??
  null;

/** What is said of each version, as if it were a model of its own: what the version does not say is as the model has it. */
export function versionsOf(model: ModelProperties): readonly VersionedProperties[] {
  const latestVersion = latestOf(model);
  if (model.versions.length === 0) return [{ ...model, version: null, latestVersion: null }];
  return model.versions.map((version) => ({
    ...model,
    version: version.v,
    latestVersion,
    description: version.description || model.description,
    config: mergeDeep(model.config, version.config),
    dynamic: [...model.dynamic, ...version.dynamic],
    columns: columnsOf(model, version),
    tests: version.tests ?? model.tests,
    constraints: version.constraints ?? model.constraints,
    deprecationDate: version.deprecationDate ?? model.deprecationDate,
    place: version.place,
  }));
}

function columnsOf(model: ModelProperties, version: VersionProperties): readonly ColumnProperties[] {
  const { include, exclude, columns: own } = version;
  const redefined = new Map(own.map((column) => [column.name, column]));
  const inherited = model.columns.filter(
    ({ name }) => (include === "all" || include.includes(name)) && !exclude.includes(name),
  );
  const tests = new Map(inherited.map((column) => [column.name, column.tests]));
  return [
    ...inherited.filter(({ name }) => !redefined.has(name)),
    // As in dbt, a column that is described again keeps the tests that it had.
    ...own.map((column) => ({ ...column, tests: bothTests(tests.get(column.name) ?? [], column.tests) })),
  ];
}

const bothTests = (
  inherited: readonly TestProperties[],
  own: readonly TestProperties[],
): readonly TestProperties[] => {
  const keyOf = ({ test, name, arguments: args }: TestProperties): string =>
    JSON.stringify([test, name, args]);
  const known = new Set(own.map(keyOf));
  return [...inherited.filter((test) => !known.has(keyOf(test))), ...own];
};

/** Maps key by key, all else whole. */
function mergeDeep<T extends object>(outer: T, inner: T): T {
  const merged: Record<string, unknown> = { ...(outer as Record<string, unknown>) };
  for (const [key, value] of Object.entries(inner)) {
    const before = merged[key];
    merged[key] = isObject(before) && isObject(value) ? mergeDeep<object>(before, value) : value;
  }
  return merged as T;
}
