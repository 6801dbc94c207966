import { isDeepStrictEqual } from "node:util";
import { isObject } from "../../base/json.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import type { Change } from "../../graph/select/term.ts";
import type { ExposureNode, GraphNode, ModelNode, SourceNode } from "../../graph/types.ts";
import { normalForm, scriptForm } from "../../template/normal-form.ts";
import { manifestConfig } from "../manifest-config.ts";
import { constraintsOf, isEnforced, listOf, objectOf, textOf, typeOf } from "./entry-parts.ts";
import type { Entries, Entry } from "./read-state.ts";

/** Where a node lives, what it is grouped by, how it is drawn: said by other selectors, or by nobody. */
const NO_MEANING: ReadonlySet<string> = new Set(
  "alias schema database tags group docs enabled persist_docs contract vars changed".split(" "),
);

/** Macros of now and then by unique id, and whether they mean the same: worked out once each. */
export type Macros = {
  readonly differ: (id: string) => boolean;
};

export type Unrendered = Readonly<Record<string, Json>>;

/** Why a node means something else than `entry`, its entry in the manifest of then. */
export function changesOf(
  node: GraphNode,
  entry: Entry,
  unrendered: Unrendered,
  macros: Macros,
): Set<Change> {
  const found = new Set<Change>();
  const was = { config: objectOf(entry["config"]), unrendered: objectOf(entry["unrendered_config"]) };
  const config = manifestConfig(node);
  if (bodyDiffers(node, entry) || varsDiffer(unrendered, was.unrendered)) found.add("body");
  const differs = (key: string): boolean =>
    key in was.config &&
    !isSame(spelled(key, config[key]), spelled(key, was.config[key])) &&
    !(key in unrendered && isSame(unrendered[key], was.unrendered[key])) &&
    // dbt leaves open what it has no default for.
    !(was.config[key] === null && !(key in unrendered) && !(key in was.unrendered));
  if (Object.keys(config).some((key) => !NO_MEANING.has(key) && differs(key))) found.add("configs");
  if (["schema", "alias", "database"].some(differs)) found.add("relation");
  if (node.dependsOn.macros.some(macros.differ)) found.add("macros");
  if (contractDiffers(node, entry, config)) found.add("contract");
  if (referenceDiffers(node, entry)) found.add("reference");
  if (descriptionsDiffer(node, entry, config)) found.add("persisted_descriptions");
  return found;
}

function bodyDiffers(node: GraphNode, entry: Entry): boolean {
  if (node.resourceType === "seed") {
    const { name, checksum } = objectOf(entry["checksum"]);
    // Of a seed above 1 MB dbt notes its path alone.
    return checksum !== (name === "path" ? node.originalFilePath : node.textChecksum);
  }
  const metadata = objectOf(entry["test_metadata"]);
  if (node.resourceType === "test" && node.generic !== null && "name" in metadata) {
    // The call of its macro is written by who makes the manifest.
    const { name, arguments: given } = node.generic;
    const { model: _, ...kwargs } = objectOf(metadata["kwargs"]);
    return name !== metadata["name"] || !isSame(given, kwargs);
  }
  const then = textOf(entry["raw_code"]);
  // Spelled out first: most nodes are as they were, to the letter.
  return node.rawCode !== then && normalForm(node.rawCode) !== normalForm(then);
}

const varsDiffer = (now: Unrendered, then: Entry): boolean => {
  const before = objectOf(then["vars"]);
  return Object.entries(objectOf(now["vars"])).some(
    ([name, value]) => name in before && !isSame(value, before[name]),
  );
};

/** Names and types of columns and what must hold of rows count where a contract says so, then or now. */
function contractDiffers(node: GraphNode, entry: Entry, config: JsonObject): boolean {
  if (node.resourceType !== "model") return false;
  const now = isEnforced(config["contract"]);
  const then = isEnforced(objectOf(entry["config"])["contract"]);
  if (!now && !then) return false;
  if (now !== then) return true;
  const keys = (model: ModelNode | Entry): string[] => constraintsOf(model).map(({ key }) => key);
  return !isDeepStrictEqual(
    [
      ...Array.from(
        node.columns.values(),
        ({ name, dataType }) => `${name} ${(dataType ?? "").toLowerCase()}`,
      ),
      ...keys(node),
    ].toSorted(),
    [
      ...Object.entries(objectOf(entry["columns"])).map(([name, column]) => `${name} ${typeOf(column)}`),
      ...keys(entry),
    ].toSorted(),
  );
}

/** What others have to know to refer to it; dbt counts it for every version of a model. */
function referenceDiffers(node: GraphNode, entry: Entry): boolean {
  if (node.resourceType !== "model") return false;
  const instant = (text: unknown): number | null => (text ? Date.parse(textOf(text)) : null);
  return (
    ("latest_version" in entry && !isSame(node.latestVersion, entry["latest_version"])) ||
    ("deprecation_date" in entry && instant(node.deprecationDate) !== instant(entry["deprecation_date"]))
  );
}

/** Descriptions count where they are kept with the relation. */
function descriptionsDiffer(node: GraphNode, entry: Entry, config: JsonObject): boolean {
  const now = objectOf(config["persist_docs"]);
  const then = objectOf(objectOf(entry["config"])["persist_docs"]);
  const kept = (part: "relation" | "columns"): boolean => now[part] === true || then[part] === true;
  if ((["relation", "columns"] as const).some((part) => (now[part] === true) !== (then[part] === true)))
    return true;
  if (kept("relation") && node.description !== entry["description"]) return true;
  if (!kept("columns")) return false;
  const before = objectOf(entry["columns"]);
  return [...node.columns.values()].some(
    ({ name, description }) => description !== (objectOf(before[name])["description"] ?? ""),
  );
}

export function sourceChanges(node: SourceNode, entry: Entry): Set<Change> {
  const found = new Set<Change>();
  const config = objectOf(entry["config"]);
  const freshness = node.freshness && [
    node.freshness.warnAfter,
    node.freshness.errorAfter,
    node.freshness.filter,
  ];
  const then = objectOf(entry["freshness"]);
  const limit = (name: string): unknown => {
    const found = objectOf(then[name]);
    return typeof found["count"] === "number" ? { count: found["count"], period: found["period"] } : null;
  };
  const before = isObject(entry["freshness"])
    ? [limit("warn_after"), limit("error_after"), then["filter"] ?? null]
    : null;
  const isConfigured =
    isSame(freshness, before) &&
    node.loadedAtField === (entry["loaded_at_field"] ?? null) &&
    node.loadedAtQuery === (entry["loaded_at_query"] ?? null) &&
    node.eventTime === (config["event_time"] ?? null);
  if (!isConfigured) found.add("configs");
  const isLanding = config["landing"] === true;
  const { database, schema } = node.relation;
  const isElsewhere =
    node.identifier !== entry["identifier"] ||
    // dbt names the database of the target too.
    (!node.landing && (schema !== entry["schema"] || (database !== null && database !== entry["database"])));
  if (node.landing !== isLanding || (isElsewhere && !isWrittenTheSame(node, entry))) found.add("relation");
  return found;
}

/** Whether all that is another in a source's relation is a template that says what it said: another environment is no change. */
function isWrittenTheSame({ relation, written }: SourceNode, entry: Entry): boolean {
  const before = objectOf(entry["unrendered_config"]);
  return (["database", "schema", "identifier"] as const).every(
    (part) =>
      relation[part] === (entry[part] ?? null) ||
      (written[part] !== undefined && written[part] === before[part]),
  );
}

export function exposureChanges(node: ExposureNode, parents: readonly string[], entry: Entry): Set<Change> {
  const same =
    node.type === entry["type"] &&
    node.url === (entry["url"] ?? null) &&
    node.maturity === (entry["maturity"] ?? null) &&
    node.label === (entry["label"] ?? null) &&
    node.description === (entry["description"] ?? "") &&
    node.owner.name === (objectOf(entry["owner"])["name"] ?? null) &&
    node.owner.email === (objectOf(entry["owner"])["email"] ?? null) &&
    isSame(parents.toSorted(), listOf(objectOf(entry["depends_on"])["nodes"]).map(textOf).toSorted());
  return new Set(same ? [] : ["body"]);
}

const SHIPPED = "macro.statloom.";

/** Whether macros differ from those of then; those that are not there any more do. */
export function compareMacros(
  now: ReadonlyMap<string, { readonly macroSql: string; readonly path: string }>,
  then: Entries,
): Macros {
  const known = new Map<string, boolean>();
  const formOf = (text: string, path: string): string =>
    path.endsWith(".ts") ? scriptForm(text) : normalForm(text);
  const judge = (id: string): boolean => {
    const [macro, entry] = [now.get(id), then[id]];
    // dbt's own tests are ours too.
    if (entry === undefined && id.startsWith(SHIPPED))
      return !(`macro.dbt.${id.slice(SHIPPED.length)}` in then);
    if (macro === undefined || entry === undefined) return true;
    const before = textOf(entry["macro_sql"]);
    return macro.macroSql !== before && formOf(macro.macroSql, macro.path) !== formOf(before, macro.path);
  };
  return {
    differ(id) {
      let differs = known.get(id);
      if (differs === undefined) known.set(id, (differs = judge(id)));
      return differs;
    },
  };
}

/** One key is the same alone and in a list, a severity in any case, and the name of a column that has its own name left out. */
function spelled(key: string, value: unknown): unknown {
  if (key === "snapshot_meta_column_names")
    return Object.fromEntries(
      Object.entries(objectOf(value)).filter(([of, name]) => name !== null && name !== of),
    );
  if (key === "unique_key") return typeof value === "string" ? [value] : value;
  return key === "severity" ? textOf(value).toLowerCase() : value;
}

/** As JSON has it: an undefined value is no value. */
const isSame = (a: unknown, b: unknown): boolean => a === b || isDeepStrictEqual(plain(a), plain(b));
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));
