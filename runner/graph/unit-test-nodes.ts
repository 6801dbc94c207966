import { dirname } from "node:path/posix";
import { addTo } from "../base/group-by.ts";
import { sha256 } from "../base/hash.ts";
import { didYouMean } from "../base/nearest.ts";
import { FOLDERS } from "../project/find-files.ts";
import type { Place } from "../base/problems.ts";
import type { Fixture, UnitTestProperties } from "../project/types.ts";
import type { Targets } from "./packaged-names.ts";
import { readTemplate } from "./read-template.ts";
import { resolve } from "./resolve-references.ts";
import type { GraphNode, ModelNode, RelationNode, UnitTestInput, UnitTestNode } from "./types.ts";
import { outOfTheWay } from "./settle-twins.ts";
import { knownVersions } from "./version-files.ts";
import { describe, pathOf, report, reportOnce } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** Unit tests with what they depend on: the model that is tested, or what their own SQL refers to. `linked`: enabled nodes. */
export function unitTestNodes(
  workshop: Workshop,
  linked: readonly GraphNode[],
  targets: Targets,
): UnitTestNode[] {
  if (workshop.project.properties.unitTests.length === 0) return [];
  const models = new Map<string, ModelNode[]>();
  for (const node of linked)
    if (node.resourceType === "model" && node.packageName === workshop.project.name)
      addTo(models, node.name, node);
  const seen = new Map<string, UnitTestProperties>();
  return workshop.project.properties.unitTests.flatMap((entry) => {
    const meant = entry.model === null ? [null] : models.get(entry.model);
    if (!entry.config.enabled || meant === undefined) {
      const [found] =
        entry.model === null ? [null] : targets.refs.find(entry.model, null, workshop.project.name);
      // A test of a model that is switched off is switched off with it.
      if (found === null || found?.resourceType === "model")
        workshop.off.push(unitTestNode({ ...outOfTheWay(workshop), problems: [] }, entry, found));
      else if (entry.config.enabled) reportModel(workshop, entry, found, models.keys());
      return [];
    }
    return versionsToTest(workshop, entry, meant).map((model) => {
      const node = unitTestNode(workshop, entry, model);
      const first = seen.get(node.uniqueId);
      if (first === undefined) seen.set(node.uniqueId, entry);
      else reportTwin(workshop, entry, first);
      return linkedTest(workshop, node, model, entry.sql, targets);
    });
  });
}

/** Of a model with versions both may test several. */
function reportTwin(
  workshop: Workshop,
  { name, place }: UnitTestProperties,
  first: UnitTestProperties,
): void {
  const { file, line, column } = place;
  const message = `unit test "${name}" is also in ${first.place.file}:${first.place.line}`;
  const hint = "rename one of the two, or switch it off (enabled: false)";
  reportOnce(workshop, { file, line, column, code: "NAME_DUPLICATE", message, hint });
}

/** Of a model that has versions each is tested, or those that the test says. */
function versionsToTest(
  workshop: Workshop,
  { name, versions }: UnitTestProperties,
  meant: readonly (ModelNode | null)[],
): readonly (ModelNode | null)[] {
  if (versions === null) return meant;
  const known = meant.flatMap((model) =>
    model === null || model.version === null ? [] : [String(model.version)],
  );
  const [include, exclude] = [versions.include, versions.exclude].map((list) => list?.map(String));
  const message =
    known.length === 0
      ? `unit test "${name}" names versions of what has none`
      : include && exclude
        ? `unit test "${name}" includes versions and excludes others`
        : undefined;
  if (message !== undefined) {
    const hint = known.length === 0 ? "leave versions out" : "say one of the two";
    report(workshop, versions.place, "UNIT_TEST_INVALID", message, hint);
    return [];
  }
  for (const version of [...(include ?? []), ...(exclude ?? [])]) {
    if (known.includes(version)) continue;
    const unknown = `unit test "${name}" names version ${version} of "${meant[0]!.name}"`;
    report(workshop, versions.place, "VERSION_UNKNOWN", unknown, knownVersions(known));
  }
  return meant.filter((model) => {
    const version = String(model!.version);
    return (include?.includes(version) ?? true) && !exclude?.includes(version);
  });
}

function reportModel(
  workshop: Workshop,
  { name, model, place }: UnitTestProperties,
  found: RelationNode | undefined,
  known: Iterable<string>,
): void {
  const message = found
    ? `unit test "${name}" tests "${model}", which is a ${found.resourceType} and no model`
    : `no model is named "${model}"`;
  report(workshop, place, "MODEL_UNKNOWN", message, found ? undefined : didYouMean(model!, known));
}

function unitTestNode(workshop: Workshop, entry: UnitTestProperties, model: ModelNode | null): UnitTestNode {
  const { project } = workshop;
  const { name, place } = entry;
  const { file } = place;
  const own = pathOf(workshop, place);
  const path = own.slice(own.indexOf("/") + 1);
  const inside = dirname(path);
  const version = model?.version ?? null;
  const given = entry.given.map((one) => ({ ...one, ...withRows(workshop, one, one.place) }));
  const expect = withRows(workshop, entry.expect, place);
  const uniqueId = [
    "unit_test",
    project.name,
    ...(model ? [model.name] : []),
    version === null ? name : `${name}_v${version}`,
  ].join(".");
  return {
    resourceType: "unit_test",
    uniqueId,
    name,
    packageName: project.name,
    path,
    originalFilePath: own,
    fqn: [project.name, ...(inside === "." ? [] : inside.split("/")), ...(model ? [model.name] : []), name],
    description: describe(workshop, entry.description, place),
    tags: entry.config.tags,
    meta: entry.config.meta,
    patchPath: file,
    checksum: meaningOf({ ...entry, given, expect }),
    place,
    model: model?.uniqueId ?? null,
    cte: entry.cte,
    given: given.map((one, index) => inputOf(workshop, entry, one, index, model, uniqueId)),
    expect,
    overrides: entry.overrides,
    versions: entry.versions,
    version,
    dependsOn: { nodes: model ? [model.uniqueId] : [], macros: [] },
  };
}

/** What decides how it ends; where it stands, how it is described and tagged does not. */
function meaningOf({ model, sql, cte, given, expect, overrides, versions }: UnitTestProperties): string {
  const parts = [model, sql, cte, given, expect, overrides, versions];
  return sha256(JSON.stringify(parts, (key, value: unknown) => (key === "place" ? undefined : value)));
}

/** The rows of a fixture with those that stand in a file of their own. */
function withRows(workshop: Workshop, { format, rows, fixture }: Fixture, place: Place): Fixture {
  if (fixture === null) return { format, rows, fixture };
  const file = /\.(?:csv|sql)$/.test(fixture) ? fixture : `${fixture}.${format === "sql" ? "sql" : "csv"}`;
  const known = workshop.project.files.fixtures;
  const found =
    known.find(({ path }) => path === `${FOLDERS.fixtures}/${file}`) ??
    known.find(({ path }) => path.endsWith(`/${file}`));
  if (found !== undefined)
    return { format: file.endsWith(".sql") ? "sql" : "csv", rows: found.text, fixture };
  const names = known.map(({ path }) => path.slice(FOLDERS.fixtures.length + 1));
  const hint = didYouMean(file, names) ?? `rows of unit tests lie in ${FOLDERS.fixtures}`;
  report(workshop, place, "FIXTURE_MISSING", `there is no ${FOLDERS.fixtures}/${file}`, hint);
  return { format, rows, fixture };
}

/** With what it refers to, and only inputs that its model reads. */
function linkedTest(
  workshop: Workshop,
  node: UnitTestNode,
  model: ModelNode | null,
  sql: string | null,
  targets: Targets,
): UnitTestNode {
  if (model) return { ...node, given: checkInputs(workshop, node, model, targets) };
  if (sql === null) return node;
  const { uniqueId, place } = node;
  const { references, macros } = readTemplate(workshop, uniqueId, place.file, sql, place);
  const nodes = resolve(workshop, node, references, targets, true);
  return { ...node, dependsOn: { nodes, macros: [...macros] } };
}

function inputOf(
  workshop: Workshop,
  entry: UnitTestProperties,
  given: UnitTestProperties["given"][number],
  index: number,
  model: ModelNode | null,
  uniqueId: string,
): UnitTestInput {
  const { input, format, rows, fixture, place } = given;
  const plain = { input, rows: { format, rows, fixture }, place, references: { refs: [], sources: [] } };
  if (input === "this" && model) return { ...plain, kind: "this" };
  if (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(input) && entry.sql !== null) return { ...plain, kind: "name" };
  const templateId = `${uniqueId}.given.${index}`;
  const { references } = readTemplate(workshop, templateId, place.file, `{{ ${input} }}`, place);
  if (references.refs.length + references.sources.length !== 1)
    report(
      workshop,
      place,
      "UNIT_TEST_INVALID",
      `"${input}" is no input`,
      "write ref('x'), source('a', 'b') or this",
    );
  return { ...plain, kind: "call", templateId, references };
}

/** What is given to a model must be something that it reads. */
function checkInputs(
  workshop: Workshop,
  node: UnitTestNode,
  model: ModelNode,
  targets: Targets,
): readonly UnitTestInput[] {
  const read = new Set(model.dependsOn.nodes);
  return node.given.filter((given) => {
    const [id] = resolve(workshop, { ...node, place: given.place }, given.references, targets, true);
    if (id === undefined || read.has(id)) return true;
    const names = [...read].map((each) => each.split(".").slice(2).join("."));
    const hint = didYouMean(id.split(".").slice(2).join("."), names) ?? `it reads ${names.join(", ")}`;
    report(workshop, given.place, "UNIT_INPUT_UNREAD", `"${model.name}" does not read ${given.input}`, hint);
    return false;
  });
}
