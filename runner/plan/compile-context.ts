import { isEphemeral } from "../graph/relation-nodes.ts";
import { ProjectError } from "../base/errors.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { didYouMean } from "../base/nearest.ts";
import { plainPlace } from "../base/problems.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { duckdb } from "../dialects/duckdb.ts";
import { envFunction, targetValue, varFunction } from "../graph/evaluate.ts";
import type { ParsedProject } from "../graph/parsed-project.ts";
import { globalSpecs } from "../graph/specs.ts";
import { linkedNode } from "../graph/described-node.ts";
import type { ModelNode, Relation, RelationNode } from "../graph/types.ts";
import { valueToJson } from "../template/value-to-json.ts";
import { versionedName } from "../graph/versions.ts";
import type { Version } from "../project/govern-schema.ts";
import type { Project } from "../project/types.ts";
import { parseTemplate } from "../template/parse-template.ts";
import { renderTemplate } from "../template/render-template.ts";
import { KnownCalls } from "../template/known-calls.ts";
import type { GlobalCall, GlobalFunction, Globals, RenderContext } from "../template/types.ts";
import { Data, Identifier, Sql, nothing } from "../template/values.ts";
import type { Value } from "../template/values.ts";
import type { Translate } from "./portable/to-target.ts";
import { flagsValue, noFlags } from "./flags.ts";
import type { Flags } from "./flags.ts";
import { Queries } from "./queries.ts";
import { queryFunctions } from "./query-functions.ts";
import { NAMED_VINTAGES, isVintage } from "./source-relations.ts";
import { inputOf } from "./portion.ts";
import type { Portion } from "./portion.ts";
import type { BatchOf } from "./microbatch/batch-window.ts";
import type { SourceAsk, SourceFinder } from "./source-relations.ts";

export type CompileInput = {
  readonly project: Project;
  readonly parsed: ParsedProject;
  readonly dialect: Dialect;
  readonly sources: SourceFinder;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a model's table is there to be added to; decides `is_incremental()` together with the flags. */
  readonly isIncremental: (node: ModelNode) => boolean;
  /** The batch of a microbatch model that is being compiled; its inputs show the rows of this batch alone. */
  readonly batch?: BatchOf | undefined;
  /** `--empty` and `--sample`. */
  readonly portion?: Portion | undefined;
  /** Relations that are read instead of nodes' own, by unique id. */
  readonly deferred?: ReadonlyMap<string, Relation> | undefined;
  /** Ephemeral models print as relations like any other: for whoever reads the SQL instead of running it. */
  readonly ephemeralAsRelation?: true;
  /** Makes the SQL of portable models that of the engine; undefined: it is. */
  readonly translate?: Translate | undefined;
  /** How the command was called; undefined: it builds nothing. */
  readonly flags?: Flags | undefined;
  readonly invocationId: string;
  readonly startedAt: string;
  /** SQL that an earlier process compiled of the same project, of nodes that come to the same each time. */
  readonly known?: ((uniqueId: string) => string | undefined) | undefined;
  /** What templates ask the warehouse; nothing is answered without. */
  readonly queries?: Queries | undefined;
};

type RefTarget = { readonly uniqueId: string; readonly name: string; readonly relation: Relation };

/**
 * What a node's template can say, and what it means for this engine and this run. `uniqueId` null: SQL that is no node's, then of the
 * package `owner`.
 */
export function compileContext(
  input: CompileInput,
  uniqueId: string | null,
  ephemeral: (parent: RefTarget) => string,
  owner: string = input.project.name,
): RenderContext {
  const { project, dialect, parsed } = input;
  const { graph } = parsed;
  const node = uniqueId === null ? undefined : graph.nodes.get(uniqueId);
  const from = node?.packageName ?? owner;
  const { globals: same, target, vars } = sameForAll(input, from);
  const relationValue = (relation: Relation, model: string): Sql =>
    new Sql(dialect.quoteRelation(relation), relationFields(relation, model));
  // What is to be translated is written as for the engine that it comes from.
  const isForeign = isTranslated(input, uniqueId);
  const spoken = isForeign ? duckdb : dialect;
  const asRead = (sql: string, eventTime: string | null): string =>
    inputOf(sql, eventTime, node, input, spoken);

  const ref: GlobalFunction = ({ args, place }) => {
    const [first, second] = [textOf(args, "model_or_package") ?? "", textOf(args, "model")];
    const wanted = versionedName(second ?? first, versionOf(args));
    const [found] = parsed.targets.refs.find(wanted, second === undefined ? null : first, from);
    if (!found?.config.enabled) {
      const near = didYouMean(wanted, parsed.targets.refs.keys());
      return fail(place, "REF_UNKNOWN", `no model, seed or snapshot is named "${wanted}"`, near);
    }
    if (isEphemeral(found) && !input.ephemeralAsRelation) {
      return new Sql(
        asRead(ephemeral(found), found.config.event_time),
        relationFields(found.relation, found.name),
      );
    }
    const relation = input.deferred?.get(found.uniqueId) ?? found.relation;
    return new Sql(
      asRead(dialect.quoteRelation(relation), found.config.event_time),
      relationFields(relation, found.name),
    );
  };
  const source: GlobalFunction = ({ args, place }) => {
    const [wanted, table] = [textOf(args, "source") ?? "", textOf(args, "table") ?? ""];
    const called = `${wanted}.${table}`;
    const [found] = parsed.targets.sources.find(called, null, from);
    if (!found) {
      const near = didYouMean(called, parsed.targets.sources.keys());
      return fail(place, "SOURCE_UNKNOWN", `no source table is declared as "${called}"`, near);
    }
    const part: SourceAsk["part"] = textOf(args, "part") === "dimensions" ? "dimensions" : "observations";
    const vintage = textOf(args, "vintage") ?? null;
    const known = input.sources.vintages(found).map((edition) => edition.vintage);
    if (vintage !== null && !isVintage(vintage, known)) {
      const message = `"${wanted}.${table}" has no vintage "${vintage}"`;
      const hint =
        didYouMean(vintage, [...NAMED_VINTAGES, ...known]) ?? `known: ${NAMED_VINTAGES.join(", ")}, or an id`;
      return fail(place, "VINTAGE_UNKNOWN", message, hint);
    }
    return new Sql(
      asRead(
        input.sources.relation(found, { vintage, part }),
        part === "observations" ? found.eventTime : null,
      ),
      relationFields(found.relation, found.name),
    );
  };
  const whereSubquery: GlobalFunction = ({ args }) => {
    const relation = args.get("relation") ?? null;
    if (!(relation instanceof Sql)) return relation;
    const alias = textOf(args, "alias");
    if (node?.resourceType !== "test" || node.config.where === null)
      return alias === undefined
        ? relation
        : new Sql([...relation.parts, ` as ${alias}`], () => relation.fields);
    const { template, problems } = parseTemplate(node.place.file, node.config.where);
    if (problems.length > 0)
      throw new ProjectError(problems.map((problem) => ({ ...problem, ...plainPlace(node.place) })));
    const where = renderTemplate(template, parsed.library, context);
    return new Sql(
      ["(select * from ", ...relation.parts, ` where ${where}\n) as ${alias ?? "dbt_subquery"}`],
      () => relation.fields,
    );
  };
  const own = (name: string): Value | GlobalFunction | undefined => {
    switch (name) {
      case "ref":
        return ref;
      case "source":
        return source;
      case "is_incremental":
        return () => node?.resourceType === "model" && input.isIncremental(node);
      case "get_where_subquery":
        return whereSubquery;
      case "this":
        return node && node.resourceType !== "test" ? relationValue(node.relation, node.name) : nothing;
      // Made for those who ask.
      case "model":
        return () => (node && node.resourceType !== "test" ? modelValue(node) : nothing);
      default:
        return undefined;
    }
  };
  const context: RenderContext = {
    engine: spoken.name,
    package: from === project.name ? null : from,
    literal: (value) => dialect.literal(value),
    quoteIdentifier: (identifier) => dialect.quoteIdentifier(identifier),
    specs: globalSpecs,
    globals: {
      get(name) {
        const value = own(name);
        if (value === undefined) return same.get(name);
        same.calls.doubt();
        return value;
      },
      // What is to be translated calls macros of another engine.
      calls: isForeign ? undefined : same.calls,
    },
    vars,
    target,
  };
  return context;
}

/** What is said of a node is data, what it is called in the warehouse names, as those of `this`. */
function modelValue(node: RelationNode): Value {
  const { database, schema, identifier } = node.relation;
  return new Map<string, Value>([
    ...Object.entries(linkedNode(node)).map(([key, value]) => [key, new Data(value)] as const),
    ["database", database === null ? null : new Identifier(database)],
    ["schema", new Identifier(schema)],
    ["alias", new Identifier(node.alias)],
    ["identifier", new Identifier(identifier)],
  ]);
}

/** Whether a node's SQL is another engine's until it is translated. */
export function isTranslated({ parsed, translate }: CompileInput, uniqueId: string | null): boolean {
  if (translate === undefined || uniqueId === null) return false;
  const node = parsed.graph.nodes.get(uniqueId);
  return node?.resourceType === "model" && node.config.portable;
}

type SameForAll = {
  readonly globals: Globals & { readonly calls: KnownCalls };
  readonly target: JsonObject;
  readonly vars: JsonObject;
};
const known = new WeakMap<CompileInput, Map<string, SameForAll>>();

/** What means the same in every template of a package in a run. */
function sameForAll(input: CompileInput, owner: string): SameForAll {
  const kept = known.get(input) ?? new Map<string, SameForAll>();
  known.set(input, kept);
  let made = kept.get(owner);
  if (made === undefined) {
    made = makeSame(input, owner);
    kept.set(owner, made);
  }
  return made;
}

function makeSame(input: CompileInput, owner: string): SameForAll {
  const { project, parsed, env, invocationId, startedAt, dialect, queries = new Queries(true) } = input;
  const { name, type, schema, threads } = project.target;
  const { vars } = project.packages.find((one) => one.name === owner) ?? project;
  const docs = parsed.docs.get(owner);
  const calls = new KnownCalls();
  const globals: Record<string, Value | GlobalFunction> = {
    var: varFunction(vars),
    env_var: envFunction(env),
    config: () => nothing,
    doc: ({ args }) => {
      const names = [textOf(args, "package_or_name"), textOf(args, "name")];
      return new Data(docs?.get(names.filter((one) => one !== undefined).join("."))?.contents ?? "");
    },
    target: targetValue(project.target),
    invocation_id: new Data(invocationId),
    run_started_at: new Data(startedAt),
    execute: queries.areAllowed,
    flags: flagsValue(input.flags ?? noFlags),
  };
  const all = new Map(Object.entries(globals));
  for (const [name, ask] of Object.entries(queryFunctions(queries, dialect)))
    all.set(name, (call) => {
      calls.doubt();
      return ask(call);
    });
  return {
    globals: { get: (name) => all.get(name), calls },
    target: { name, type, schema, threads },
    vars,
  };
}

const relationFields =
  ({ database, schema, identifier }: Relation, name: string) =>
  (): ReadonlyMap<string, Value> =>
    new Map<string, Value>([
      ["database", database === null ? null : new Identifier(database)],
      ["schema", new Identifier(schema)],
      ["identifier", new Identifier(identifier)],
      ["name", new Identifier(name)],
    ]);

function textOf(args: GlobalCall["args"], name: string): string | undefined {
  const value: Json | undefined = args.has(name) ? valueToJson(args.get(name)!) : undefined;
  return typeof value === "string" ? value : undefined;
}

function versionOf(args: GlobalCall["args"]): Version | null {
  const given = args.get("version") ?? args.get("v") ?? null;
  const value = given === null ? null : valueToJson(given);
  return typeof value === "string" || typeof value === "number" ? value : null;
}

function fail(place: GlobalCall["place"], code: string, message: string, hint: string | undefined): never {
  throw new ProjectError([{ ...place(), code, message, ...(hint && { hint }) }]);
}
