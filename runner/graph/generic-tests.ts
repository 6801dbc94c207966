import { basename } from "node:path/posix";
import { md5 } from "../base/hash.ts";
import type { JsonObject } from "../base/json.ts";
import { didYouMean } from "../base/nearest.ts";
import type { Place } from "../base/problems.ts";
import { CONFIG_KEYS } from "../project/read-tests.ts";
import type { ColumnProperties, TestProperties } from "../project/types.ts";
import { shortTestName } from "./naming.ts";
import { withWhere } from "./read-template.ts";
import { shippedFor } from "./habitual-tests.ts";
import { testedOf } from "./tested-node.ts";
import type { TestedNode } from "./tested-node.ts";
import { TestForms, namesOf } from "./test-forms.ts";
import type { TestForm } from "./test-forms.ts";
import { testNames } from "./test-macros.ts";
import { checkShares, failureSchema } from "./test-nodes.ts";
import { TestShapes } from "./test-shapes.ts";
import type { RelationNode, SourceNode, TestConfig, TestNode } from "./types.ts";
import { nameWithVersion, versionedName, versionsOf } from "./versions.ts";
import { noColumns } from "./column-infos.ts";
import { describe, docBlocksOf, foldersOf, pathOf, report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** What property files ask of nodes and their columns, each as a test that calls its macro. */
export function genericTests(
  workshop: Workshop,
  nodes: readonly RelationNode[],
  sources: readonly SourceNode[],
): readonly TestNode[] {
  const { properties } = workshop.project;
  // By the names that property files say them by: their ids would have to be put together, to ask for each.
  const known = { model: byName(), seed: byName(), snapshot: byName(), source: byName() };
  for (const node of nodes) known[node.resourceType].set(nameWithVersion(node), node);
  for (const node of sources) known.source.set(`${node.sourceName}.${node.name}`, node);
  const maker = new TestMaker(workshop);
  const add = (node: RelationNode | SourceNode | undefined, { tests, columns }: Described): void => {
    if (node !== undefined) maker.addAll(node, tests, columns);
  };
  for (const entry of properties.models) {
    if (entry.versions.length === 0) add(known.model.get(entry.name), entry);
    else for (const one of versionsOf(entry)) add(known.model.get(versionedName(one.name, one.version)), one);
  }
  for (const entry of properties.seeds) add(known.seed.get(entry.name), entry);
  // Of several of one name, one is not switched off.
  const hasTwins = properties.snapshots.length > known.snapshot.size;
  for (const entry of properties.snapshots) {
    const node = known.snapshot.get(entry.name);
    if (!hasTwins || isSamePlace(node?.place, entry.place)) add(node, entry);
  }
  for (const { name, tables } of properties.sources)
    for (const table of tables) {
      const node = known.source.get(`${name}.${table.name}`);
      if (node?.place === table.place) add(node, table);
    }
  // Of what is said twice, a problem is told already.
  return maker.hasTwins || workshop.problems.length > 0 ? withoutTwins(workshop, maker.tests) : maker.tests;
}

const isSamePlace = (one: Place | undefined, other: Place): boolean =>
  one?.file === other.file && one.line === other.line && one.column === other.column;

type Described = { readonly tests: readonly TestProperties[]; readonly columns: readonly ColumnProperties[] };
const byName = (): Map<string, RelationNode | SourceNode> => new Map();

/** Tests one after the other; what those of a node, of a form or of a configuration have in common is made once. */
class TestMaker {
  readonly tests: TestNode[] = [];
  /** Whether two tests of one node have one name, and may be one: ids of others differ, as they are made of the node's. */
  hasTwins = false;
  readonly #workshop: Workshop;
  /** What ids begin with. */
  readonly #prefix: string;
  readonly #forms: TestForms;
  readonly #shapes: TestShapes;
  readonly #schemas = new Map<TestConfig, string>();
  /** Of the test before: most say the same. */
  #said: TestNode["said"] | undefined;
  /** By property file: the package and the folders. */
  readonly #paths = new Map<string, readonly string[]>();

  constructor(workshop: Workshop) {
    this.#workshop = workshop;
    this.#prefix = `test.${workshop.project.name}.`;
    this.#forms = new TestForms(workshop);
    this.#shapes = new TestShapes(workshop);
  }

  addAll(
    node: RelationNode | SourceNode,
    own: readonly TestProperties[],
    columns: readonly ColumnProperties[],
  ): void {
    const from = this.tests.length;
    let tested: TestedNode | undefined;
    for (let i = 0; i < own.length; i++) this.#add((tested ??= this.#tested(node, own[i]!)), own[i]!, null);
    for (let i = 0; i < columns.length; i++) {
      const { tests } = columns[i]!;
      for (let k = 0; k < tests.length; k++)
        this.#add((tested ??= this.#tested(node, tests[k]!)), tests[k]!, columns[i]!);
    }
    this.hasTwins ||= isAnyTwice(this.tests, from);
  }

  #tested(node: RelationNode | SourceNode, { place }: TestProperties): TestedNode {
    let path = this.#paths.get(place.file);
    if (path === undefined) {
      const folders = foldersOf(this.#workshop, place);
      this.#paths.set(place.file, (path = [this.#workshop.project.name, ...folders]));
    }
    return testedOf(this.#workshop, node, path);
  }

  #add(tested: TestedNode, test: TestProperties, column: ColumnProperties | null): void {
    const form = this.#forms.formOf(test, column);
    if (form === null) reportUnknown(this.#workshop, test);
    else this.tests.push(this.#made(tested, test, form, column));
  }

  #made(tested: TestedNode, test: TestProperties, form: TestForm, column: ColumnProperties | null): TestNode {
    const workshop = this.#workshop;
    const { kind, hashed, code } = form;
    for (const { message, hint } of form.faults) report(workshop, test.place, "TEST_ARGUMENT", message, hint);
    const identifier = `${tested.kind}${kind.beginning}${tested.name}`;
    const named = identifier + form.ending;
    const full = test.name ?? named;
    const hash = md5(full + hashed.before + tested.hashed + hashed.after);
    const uniqueId = `${this.#prefix}${full}.${hash.slice(-10)}`;
    const rawCode = code.rawCode(tested.call, uniqueId);
    const scan = code.scan(tested.call, uniqueId);
    const fqn = tested.path.concat(full);
    const resolved = workshop.configs.tests.resolve(fqn, [
      tested.group === null ? test.config : { ...test.config, group: tested.group },
    ]);
    const { config } = resolved;
    const from = workshop.problems.length;
    const query = { uniqueId, place: test.place, text: rawCode, own: tested.references };
    const { references, macros } = this.#shapes.read(form, query);
    retell(workshop, kind.name, from);
    checkShares(workshop, config, test.place, scan?.kind !== "whole");
    const short = test.name ?? shortTestName(identifier, named);
    const alias = config.alias ?? short;
    return {
      resourceType: "test",
      uniqueId,
      name: full,
      packageName: workshop.project.name,
      path: `${short}.sql`,
      originalFilePath: pathOf(workshop, test.place),
      fqn,
      description: describe(workshop, test.description, test.place),
      docBlocks: docBlocksOf(workshop, test.description),
      tags: withTags(tested.tags, column?.tags, test.config.tags, config.tags),
      meta: config.meta,
      said: this.#saidOf(resolved.said, test),
      columns: noColumns,
      patchPath: null,
      checksum: "",
      dependsOn: { nodes: [], macros },
      place: test.place,
      alias,
      relation: { database: null, schema: this.#schemaOf(config), identifier: alias },
      config,
      rawCode,
      references: withWhere(workshop, references, config.where, test.place),
      generic: {
        name: kind.name,
        namespace: kind.namespace,
        arguments: form.arguments,
        columnName: form.columnName,
        attachedNode: tested.uniqueId,
        tested: tested.call,
        scan,
      },
    };
  }

  #saidOf(config: JsonObject, { config: call, dynamic }: TestProperties): TestNode["said"] {
    if (dynamic !== undefined) return { config, call: call as JsonObject, dynamic };
    const last = this.#said;
    if (last?.config === config && last.call === call) return last;
    return (this.#said = { config, call: call as JsonObject });
  }

  #schemaOf(config: TestConfig): string {
    let schema = this.#schemas.get(config);
    if (schema === undefined) this.#schemas.set(config, (schema = failureSchema(this.#workshop, config)));
    return schema;
  }
}

/** As in dbt: of the source, the column and the test itself in alphabetic order, then those that it is configured with. */
function withTags(
  ofSource: readonly string[],
  ofColumn: readonly string[] = [],
  own: readonly string[] = [],
  all: readonly string[],
): readonly string[] {
  if (ofSource.length === 0 && ofColumn.length === 0 && own.length === 0) return all;
  return [...new Set([...[...ofSource, ...ofColumn, ...own].toSorted(), ...all])];
}

function reportUnknown(workshop: Workshop, { test, place }: TestProperties): void {
  const [, name] = namesOf(test);
  report(
    workshop,
    place,
    "TEST_UNKNOWN",
    `no test is named "${test}"`,
    shippedFor(name) ??
      didYouMean(name, testNames(workshop.library)) ??
      `a test is a macro: {{! macro test_${name}(model, column_name) }}`,
  );
}

/** Mistakes in a call that we wrote, which are those after the first `from`, speak of the test and of its arguments, each once. */
function retell(workshop: Workshop, test: string, from: number): void {
  if (workshop.problems.length === from) return;
  const found = workshop.problems.splice(from).map(({ message, hint, ...problem }) => ({
    ...problem,
    message: message.replaceAll(CALLED, (_, name: string) => (name === test ? `the test "${name}"` : _)),
    ...(hint !== undefined && { hint: misspeltConfig(message, hint) ?? hint.replaceAll(SUPPLIED, "") }),
  }));
  workshop.problems.push(...new Map(found.map((problem) => [JSON.stringify(problem), problem])).values());
}

/** Configuration may stand beside the arguments, where nothing tells a misspelt one from them. */
function misspeltConfig(message: string, hint: string): string | undefined {
  const name = / has no argument "(.+)"$/.exec(message)?.[1];
  return name === undefined || hint.startsWith("did you mean") ? undefined : didYouMean(name, CONFIG_KEYS);
}

/** Of a call as it is shown: the prefix of the macro, and arguments that are not the user's to give. */
const SUPPLIED = /\b(?:test|fails|measure|key)_(?=\w+\()|\b(?:model|measured|test_id), /g;
const CALLED = /"(?:test|fails|measure|key)_(\w+)"/g;

/** Whether two of those from the number `from` on have one name. */
function isAnyTwice(tests: readonly TestNode[], from: number): boolean {
  if (tests.length - from > 16) {
    const own = tests.slice(from);
    return new Set(own.map(({ name }) => name)).size < own.length;
  }
  for (let i = from + 1; i < tests.length; i++)
    for (let k = from; k < i; k++) if (tests[i]!.name === tests[k]!.name) return true;
  return false;
}

/** The same test twice on one node would be one name for two things. */
function withoutTwins(workshop: Workshop, tests: readonly TestNode[]): readonly TestNode[] {
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
