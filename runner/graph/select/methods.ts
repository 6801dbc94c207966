import { UsageError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { didYouMean } from "../../base/nearest.ts";
import type { Access } from "../../project/govern-schema.ts";
import type { AnyNode, Graph } from "../types.ts";
import { compareVersions, isSameVersion, nameWithVersion } from "../versions.ts";
import type { Criterion } from "./criterion.ts";
import { byFqn } from "./fqn.ts";
import type { Head, Listed } from "./listed.ts";
import { byResult, bySourceStatus, byState, unknownValue } from "./state-methods.ts";
import type { SelectContext } from "./term.ts";
import { pathGlob, wildcard } from "./wildcards.ts";

type Kind = AnyNode["resourceType"];
type Predicate = (listed: Listed) => boolean;
type Method = {
  /** Kinds that the method can select at all. */
  readonly of: readonly Kind[];
  readonly where: (value: string, graph: Graph, criterion: Criterion, context: SelectContext) => Predicate;
  /** What could have been written instead, for the hint when nothing matched. */
  readonly known?: (node: AnyNode) => readonly string[];
};

const selectableKinds = [
  "model",
  "seed",
  "snapshot",
  "test",
  "source",
  "exposure",
  "unit_test",
] as const satisfies readonly Kind[];
const built: readonly Kind[] = ["model", "seed", "snapshot", "test"];

/** Every method of the selector grammar, by the word in front of the colon. */
const methods: Readonly<Record<string, Method>> = {
  fqn: { of: [...built, "unit_test", "exposure"], where: byFqn, known: (node) => [nameWithVersion(node)] },
  tag: { of: selectableKinds, where: byTag, known: (node) => node.tags },
  path: { of: selectableKinds, where: byPath },
  file: { of: selectableKinds, where: byFile, known: (node) => [fileName(node)] },
  package: { of: selectableKinds, where: byPackage, known: (node) => [node.packageName] },
  resource_type: { of: selectableKinds, where: byResourceType },
  config: { of: [...built, "source"], where: byConfig },
  group: { of: built, where: byGroup, known: (node) => groupOf(node) },
  access: { of: ["model"], where: byAccess },
  version: { of: ["model"], where: byVersion },
  test_name: { of: ["test", "unit_test"], where: byTestName, known: (node) => asList(testName(node)) },
  test_type: { of: ["test", "unit_test"], where: byTestType },
  source: { of: ["source"], where: bySource, known: (node) => sourceNames(node) },
  exposure: { of: ["exposure"], where: byPackageAndName, known: (node) => [node.name] },
  unit_test: { of: ["unit_test"], where: byPackageAndName, known: (node) => [node.name] },
  state: { of: selectableKinds, where: byState },
  result: { of: selectableKinds, where: byResult },
  source_status: { of: ["source"], where: bySourceStatus },
};

/** The method that a criterion names; an unknown one is a {@link UsageError}. */
export function methodOf(criterion: Criterion): Method {
  const { method: name, raw } = criterion;
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method === undefined) {
    const known = [...Object.keys(methods), "selector"];
    const near = didYouMean(name, known);
    throw new UsageError(
      "SELECTOR_METHOD_UNKNOWN",
      `the selector "${raw}" has an unknown method "${name}"`,
      `${near ? `${near} ` : ""}methods are ${known.join(", ")}`,
    );
  }
  if (criterion.arguments.length > 0 !== (name === "config")) {
    const hint = name === "config" ? 'write "config.<key>:<value>"' : `write "${name}:<value>"`;
    throw new UsageError("SELECTOR_INVALID", `the selector "${raw}" cannot be read`, hint);
  }
  return method;
}

function byTag(value: string): Predicate {
  const matches = wildcard(value);
  return ({ head }) => head.tags.some(matches);
}

/** The node's file, a folder above it, or the property file that describes it. */
function byPath(value: string): Predicate {
  const matches = pathGlob(value);
  const seen = new Map<string, boolean>();
  const folderMatches = (path: string): boolean => {
    let known = seen.get(path);
    if (known === undefined) {
      known =
        matches(path) || (path !== "" && folderMatches(path.slice(0, Math.max(0, path.lastIndexOf("/")))));
      seen.set(path, known);
    }
    return known;
  };
  return ({ head: { originalFilePath, patchPath } }) =>
    folderMatches(originalFilePath) || (patchPath !== null && matches(patchPath));
}

const fileName = ({ originalFilePath }: Pick<Head, "originalFilePath">): string =>
  originalFilePath.slice(originalFilePath.lastIndexOf("/") + 1);

/** With or without the extension. */
function byFile(value: string): Predicate {
  const matches = wildcard(value);
  return ({ head }) => {
    const name = fileName(head);
    return matches(name) || matches(name.replace(/(?<=.)\.[^.]*$/, ""));
  };
}

function byPackage(value: string, graph: Graph): Predicate {
  const matches = wildcard(value === "this" ? graph.projectName : value);
  return ({ node }) => matches(node.packageName);
}

function byResourceType(value: string, _graph: Graph, { raw }: Criterion): Predicate {
  if (!(selectableKinds as readonly string[]).includes(value)) {
    throw new UsageError(
      "SELECTOR_INVALID",
      `the selector "${raw}" has an unknown resource type "${value}"`,
      `resource types are ${selectableKinds.join(", ")}`,
    );
  }
  return ({ resourceType }) => resourceType === value;
}

function byGroup(value: string): Predicate {
  const matches = wildcard(value);
  return ({ node }) => groupOf(node).some(matches);
}

/** A generic test is of the group of what it tests, but is selected by it only as a test of that. */
const groupOf = (node: AnyNode): string[] =>
  "config" in node &&
  node.config.group !== null &&
  !(node.resourceType === "test" && node.generic !== null && node.said.call["group"] === undefined)
    ? [node.config.group]
    : [];

const ACCESS: readonly string[] = ["private", "protected", "public"] satisfies readonly Access[];

function byAccess(value: string, _graph: Graph, criterion: Criterion): Predicate {
  if (!ACCESS.includes(value)) throw unknownValue(criterion, "access", value, ACCESS);
  return ({ node }) => node.resourceType === "model" && node.config.access === value;
}

const VERSIONS = ["latest", "prerelease", "old", "none"];

/** Of models: before, at or behind the latest version, or without any. */
function byVersion(value: string, _graph: Graph, criterion: Criterion): Predicate {
  if (!VERSIONS.includes(value)) throw unknownValue(criterion, "kind of version", value, VERSIONS);
  return ({ node }) => {
    if (node.resourceType !== "model") return false;
    const { version, latestVersion } = node;
    if (version === null || latestVersion === null) return value === "none";
    if (isSameVersion(version, latestVersion)) return value === "latest";
    return value === (compareVersions(version, latestVersion) > 0 ? "prerelease" : "old");
  };
}

/** `config.meta.owner:x`: the value itself, or a member of a list. No wildcards; severity in any case. */
function byConfig(value: string, _graph: Graph, criterion: Criterion): Predicate {
  const keys = criterion.arguments;
  const anyCase = keys.length === 1 && keys[0] === "severity";
  const wanted = anyCase ? value.toLowerCase() : value;
  const flag = /^true$/i.test(value) ? true : /^false$/i.test(value) ? false : undefined;
  const same = (found: unknown): boolean => {
    if (typeof found === "boolean") return found === flag;
    if (typeof found === "number") return String(found) === wanted;
    return typeof found === "string" && (anyCase ? found.toLowerCase() : found) === wanted;
  };
  return ({ node }) => {
    let found = configOf(node);
    for (const key of keys) {
      if (!isObject(found) || !Object.hasOwn(found, key)) return false;
      found = found[key];
    }
    return Array.isArray(found) ? found.some(same) : same(found);
  };
}

/** What dbt calls a node's config: seeds, snapshots and tests have a materialization there, sources only these three. */
function configOf(node: AnyNode): unknown {
  switch (node.resourceType) {
    case "model":
      return node.config;
    case "seed":
    case "snapshot":
    case "test":
      return { materialized: node.resourceType, ...node.config };
    case "source":
      return { enabled: true, tags: node.tags, meta: node.meta };
    case "exposure":
    case "unit_test":
      return {};
  }
}

/** A unit test goes by its own name where a generic test goes by its macro's. */
const testName = (node: AnyNode): string | undefined =>
  node.resourceType === "unit_test" ? node.name : genericName(node);
const genericName = (node: AnyNode): string | undefined =>
  node.resourceType === "test" ? node.generic?.name : undefined;
const asList = (name: string | undefined): string[] => (name === undefined ? [] : [name]);

function byTestName(value: string): Predicate {
  const matches = wildcard(value);
  return ({ node }) => {
    const name = testName(node);
    return name !== undefined && matches(name);
  };
}

function byTestType(value: string, _graph: Graph, { raw }: Criterion): Predicate {
  const isGeneric: Predicate = ({ node }) => genericName(node) !== undefined;
  switch (value) {
    case "generic":
    case "schema":
      return isGeneric;
    case "singular":
      return (listed) => listed.resourceType === "test" && !isGeneric(listed);
    case "data":
      return ({ resourceType }) => resourceType === "test";
    case "unit":
      return ({ resourceType }) => resourceType === "unit_test";
    default:
      throw new UsageError(
        "SELECTOR_INVALID",
        `the selector "${raw}" has an unknown test type "${value}"`,
        "test types are generic, singular, data (both), unit",
      );
  }
}

/** `source`, `source.table` or `package.source.table`, wildcards in each part. */
function bySource(value: string, _graph: Graph, { raw }: Criterion): Predicate {
  const parts = value.split(".");
  if (parts.length > 3) {
    const hint = 'write "source:<source>", "source:<source>.<table>" or "source:<package>.<source>.<table>"';
    throw new UsageError("SELECTOR_INVALID", `the selector "${raw}" has too many parts`, hint);
  }
  const [inPackage, ofSource, table] = (parts.length === 3 ? parts : ["*", ...parts, "*"]).map(wildcard);
  return ({ node }) =>
    node.resourceType === "source" &&
    inPackage!(node.packageName) &&
    ofSource!(node.sourceName) &&
    table!(node.name);
}

const sourceNames = (node: AnyNode): string[] =>
  node.resourceType === "source" ? [node.sourceName, `${node.sourceName}.${node.name}`] : [];

/** `name` or `package.name`. */
function byPackageAndName(value: string, _graph: Graph, { raw, method }: Criterion): Predicate {
  const parts = value.split(".");
  if (parts.length > 2) {
    const hint = `write "${method}:<name>" or "${method}:<package>.<name>"`;
    throw new UsageError("SELECTOR_INVALID", `the selector "${raw}" has too many parts`, hint);
  }
  const [inPackage, named] = (parts.length === 2 ? parts : ["*", ...parts]).map(wildcard);
  return ({ node }) => inPackage!(node.packageName) && named!(node.name);
}
