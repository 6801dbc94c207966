import { basename } from "node:path/posix";
import { md5, sha256 } from "../base/hash.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { didYouMean } from "../base/nearest.ts";
import type { ColumnProperties, TestProperties } from "../project/types.ts";
import { genericTestNames } from "./naming.ts";
import { testCode } from "./test-code.ts";
import { checkArguments } from "./test-arguments.ts";
import { findTest, isShipped, testNames } from "./test-macros.ts";
import { withWhere } from "./read-template.ts";
import { checkShares, failureRelation } from "./test-nodes.ts";
import { TestShapes } from "./test-shapes.ts";
import type { RelationNode, SourceNode, TestNode } from "./types.ts";
import { versionedName, versionsOf } from "./versions.ts";
import { describe, noColumns, pathOf, report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

type Tested = RelationNode | SourceNode;

/** What property files ask of nodes and their columns, each as a test that calls its macro. */
export function genericTests(
  workshop: Workshop,
  nodes: readonly RelationNode[],
  sources: readonly SourceNode[],
): TestNode[] {
  const { properties, name: projectName } = workshop.project;
  const byId = new Map<string, Tested>([...nodes, ...sources].map((node) => [node.uniqueId, node]));
  const tests: TestNode[] = [];
  const shapes = new TestShapes(workshop);
  const visit = (
    uniqueId: string,
    own: readonly TestProperties[],
    columns: readonly ColumnProperties[],
  ): void => {
    const node = byId.get(uniqueId);
    if (!node) return;
    for (const test of own) tests.push(...genericTest(workshop, shapes, node, test, null));
    for (const column of columns)
      for (const test of column.tests) tests.push(...genericTest(workshop, shapes, node, test, column));
  };
  for (const entry of properties.models)
    for (const { name, version, tests: own, columns } of versionsOf(entry))
      visit(`model.${projectName}.${versionedName(name, version)}`, own, columns);
  for (const entry of properties.seeds)
    visit(`seed.${projectName}.${entry.name}`, entry.tests, entry.columns);
  for (const entry of properties.snapshots)
    visit(`snapshot.${projectName}.${entry.name}`, entry.tests, entry.columns);
  for (const source of properties.sources) {
    for (const table of source.tables)
      visit(`source.${projectName}.${source.name}.${table.name}`, table.tests, table.columns);
  }
  return withoutTwins(workshop, tests);
}

function genericTest(
  workshop: Workshop,
  shapes: TestShapes,
  node: Tested,
  test: TestProperties,
  column: ColumnProperties | null,
): TestNode[] {
  const { project, library } = workshop;
  const dot = test.test.lastIndexOf(".");
  const [namespace, bare] =
    dot === -1 ? [null, test.test] : [test.test.slice(0, dot), test.test.slice(dot + 1)];
  const definition = findTest(library, bare, namespace, workshop.package);
  if (!definition) {
    report(
      workshop,
      test.place,
      "TEST_UNKNOWN",
      `no test is named "${test.test}"`,
      didYouMean(bare, testNames(library)) ??
        `a test is a macro: {{! macro test_${bare}(model, column_name) }}`,
    );
    return [];
  }
  const isSource = node.resourceType === "source";
  const args: JsonObject = { ...(column !== null && { column_name: column.name }), ...test.arguments };
  if (isShipped(definition)) checkArguments(workshop, bare, args, test.place);
  const version = node.resourceType === "model" ? node.version : null;
  const target = isSource
    ? `${node.sourceName}_${node.name}`
    : `${node.name}${version === null ? "" : `_v${version}`}`;
  const names = genericTestNames(
    `${isSource ? "source_" : ""}${namespace === null ? "" : `${namespace}_`}${bare}`,
    target,
    args,
  );
  const full = test.name ?? names.full;
  const uniqueId = `test.${project.name}.${full}.${md5(JSON.stringify([namespace, bare, node.uniqueId, args, test.name])).slice(-10)}`;
  const tested = isSource
    ? `source(${quote(node.sourceName)}, ${quote(node.name)})`
    : `ref(${workshop.package === null ? "" : `${quote(node.packageName)}, `}${quote(node.name)}${version === null ? "" : `, v=${JSON.stringify(version)}`})`;
  const written = Object.entries(args).map(([key, value]): readonly [string, string] => [
    key,
    key === "column_name" && column && isOdd(column) ? `identifier(${quote(column.name)})` : spell(value),
  ]);
  const codeOf = (relation: string) =>
    testCode(definition, { tested: relation, uniqueId, package: namespace, arguments: written });
  const { rawCode, scan } = codeOf(tested);
  const folders = isSource ? [node.sourceName] : node.fqn.slice(1, version === null ? -1 : -2);
  // As in dbt, it is of the group of what it tests.
  const group = isSource ? null : node.config.group;
  const { config, said } = workshop.configs.tests.resolve(
    [...folders, full],
    group === null ? test.config : { ...test.config, group },
  );
  const { references, macros } = readCall(workshop, bare, () =>
    shapes.read({
      uniqueId,
      place: test.place,
      definition,
      text: rawCode,
      textFor: (relation) => codeOf(relation).rawCode,
      own: isSource
        ? { refs: [], sources: [{ source: node.sourceName, table: node.name }] }
        : { refs: [{ name: node.name, package: workshop.package, version }], sources: [] },
      shape: `${test.test}${shapeOf(args, written)}`,
    }),
  );
  checkShares(workshop, config, test.place, scan?.kind !== "whole");
  const alias = config.alias ?? test.name ?? names.short;
  return [
    {
      resourceType: "test",
      uniqueId,
      name: full,
      packageName: project.name,
      path: `${test.name ?? names.short}.sql`,
      originalFilePath: pathOf(workshop, test.place),
      fqn: [project.name, ...folders, full],
      description: describe(workshop, test.description, test.place),
      tags: config.tags,
      meta: config.meta,
      said: { config: said, call: test.config as JsonObject },
      columns: noColumns,
      patchPath: null,
      checksum: sha256(rawCode),
      dependsOn: { nodes: [], macros },
      place: test.place,
      alias,
      relation: failureRelation(workshop, config, alias),
      config,
      rawCode,
      references: withWhere(workshop, references, config.where, test.place),
      generic: {
        name: bare,
        namespace,
        arguments: args,
        columnName: column?.name ?? null,
        attachedNode: node.uniqueId,
        tested,
        scan,
      },
    },
  ];
}

/** Mistakes in a call that we wrote speak of the test and of its arguments, each once. */
function readCall<T>(workshop: Workshop, test: string, read: () => T): T {
  const from = workshop.problems.length;
  const result = read();
  if (workshop.problems.length === from) return result;
  const found = workshop.problems.splice(from).map(({ message, hint, ...problem }) => ({
    ...problem,
    message: message.replaceAll(CALLED, (_, name: string) => (name === test ? `the test "${name}"` : _)),
    ...(hint !== undefined && { hint: hint.replaceAll(SUPPLIED, "") }),
  }));
  workshop.problems.push(...new Map(found.map((problem) => [JSON.stringify(problem), problem])).values());
  return result;
}

/** Of a call as it is shown: the prefix of the macro, and arguments that are not the user's to give. */
const SUPPLIED = /\b(?:test|fails|measure|key)_(?=\w+\()|\b(?:model|measured|test_id), /g;
const CALLED = /"(?:test|fails|measure|key)_(\w+)"/g;

const quote = (text: string): string => JSON.stringify(text);

/** What is described under `columns:` is a column, even where its name looks like an expression; it must be quoted then. */
const isOdd = ({ name, quote }: ColumnProperties): boolean => quote || !/^[A-Za-z_]\w*$/.test(name);

/** `to: ref('x')` is meant as a call, as in dbt; everything else as it stands. */
const CALL = /^\s*(?:\{\{)?\s*((?:ref|source|var|env_var)\s*\(.*\))\s*(?:\}\})?\s*$/s;

/** The names of the arguments, and of these what is not a literal: calls, which may refer to something. */
function shapeOf(args: JsonObject, written: readonly (readonly [name: string, text: string])[]): string {
  let shape = "";
  for (const [key, text] of written) shape += `, ${key}${holdsCall(args[key]!) ? `=${text}` : ""}`;
  return shape;
}

function holdsCall(value: Json): boolean {
  if (typeof value === "string") return CALL.test(value);
  return typeof value === "object" && value !== null && Object.values(value).some(holdsCall);
}

function spell(value: Json): string {
  if (typeof value === "string") return CALL.exec(value)?.[1] ?? quote(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(spell).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${quote(key)}: ${spell(item)}`)
      .join(", ")}}`;
  }
  return JSON.stringify(value);
}

/** The same test twice on one node would be one name for two things. */
function withoutTwins(workshop: Workshop, tests: readonly TestNode[]): TestNode[] {
  const seen = new Map<string, TestNode>();
  for (const test of tests) {
    const first = seen.get(test.uniqueId);
    if (first) {
      const where = `${basename(first.place.file)}:${first.place.line}`;
      report(
        workshop,
        test.place,
        "TEST_DUPLICATE",
        `the test "${test.name}" is also at ${where}`,
        "give one of the two a name of its own: name: my_test",
      );
    } else seen.set(test.uniqueId, test);
  }
  return [...seen.values()];
}
