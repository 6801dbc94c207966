import { isEphemeral } from "../graph/relation-nodes.ts";
import { ProjectError } from "../base/errors.ts";
import { didYouMean } from "../base/nearest.ts";
import { plainPlace } from "../base/problems.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { duckdb } from "../dialects/duckdb.ts";
import { globalSpecs } from "../graph/specs.ts";
import { linkedNode } from "../graph/described-node.ts";
import type { GraphNode, Relation, RelationNode } from "../graph/types.ts";
import type { Arguments } from "../template/arguments.ts";
import type { Spot } from "../template/spot.ts";
import { valueToJson } from "../template/value-to-json.ts";
import { versionedName } from "../graph/versions.ts";
import type { Version } from "../project/govern-schema.ts";
import { parseTemplate } from "../template/parse-template.ts";
import { renderTemplate } from "../template/render-template.ts";
import type { KnownCalls } from "../template/known-calls.ts";
import type { GlobalCall, GlobalFunction, Globals, RenderContext } from "../template/types.ts";
import { Data, Identifier, Sql, nothing } from "../template/values.ts";
import type { Value } from "../template/values.ts";
import { NAMED_VINTAGES, isVintage } from "./source-relations.ts";
import type { CompileInput } from "./compile-input.ts";
import type { BatchOf } from "./microbatch/batch-window.ts";
import { batchId, instantText } from "./microbatch/batches.ts";
import { inputOf } from "./portion.ts";
import { sameForAll } from "./same-for-all.ts";
import type { SameForAll } from "./same-for-all.ts";
import type { SourceAsk } from "./source-relations.ts";

type RefTarget = { readonly uniqueId: string; readonly name: string; readonly relation: Relation };

/**
 * What a node's template can say, and what it means for this engine and this run. `node` undefined: SQL that is no node's, then of the
 * package `owner`.
 */
export function compileContext(
  input: CompileInput,
  node: GraphNode | undefined,
  ephemeral: (parent: RefTarget) => string,
  owner: string = input.project.name,
): RenderContext {
  const from = node?.packageName ?? owner;
  const same = sameForAll(input, from);
  // What is to be translated is written as for the engine that it comes from, and calls macros of that.
  const isForeign = isTranslated(input, node);
  const spoken = isForeign ? duckdb : input.dialect;
  const globals = new NodeGlobals(input, node, from, spoken, ephemeral, same);
  const context: RenderContext = {
    engine: spoken.name,
    package: same.package,
    literal: same.literal,
    quoteIdentifier: same.quoteIdentifier,
    specs: globalSpecs,
    globals,
    vars: same.vars,
    target: same.target,
  };
  globals.context = context;
  if (!isForeign) globals.calls = same.calls;
  return context;
}

/** The names that mean something of their own in each node, over those that are the same for all: what nobody says is not made. */
class NodeGlobals implements Globals {
  calls: KnownCalls | undefined;
  /** That these are the names of. */
  context: RenderContext | undefined;
  readonly #input: CompileInput;
  readonly #node: GraphNode | undefined;
  readonly #from: string;
  readonly #spoken: Dialect;
  readonly #ephemeral: (parent: RefTarget) => string;
  readonly #same: SameForAll;

  constructor(
    input: CompileInput,
    node: GraphNode | undefined,
    from: string,
    spoken: Dialect,
    ephemeral: (parent: RefTarget) => string,
    same: SameForAll,
  ) {
    this.#input = input;
    this.#node = node;
    this.#from = from;
    this.#spoken = spoken;
    this.#ephemeral = ephemeral;
    this.#same = same;
  }

  get(name: string): Value | GlobalFunction | undefined {
    const value = this.#own(name);
    if (value === undefined) return this.#same.all.get(name);
    this.#same.calls.doubt();
    return value;
  }

  #own(name: string): Value | GlobalFunction | undefined {
    const node = this.#node;
    switch (name) {
      case "ref":
        return (call) => this.#ref(call);
      case "source":
        return (call) => this.#source(call);
      case "is_incremental":
        return () => node?.resourceType === "model" && this.#input.isIncremental(node);
      case "get_where_subquery":
        return (call) => this.#whereSubquery(call);
      case "this":
        return node && node.resourceType !== "test"
          ? relationValue(this.#input.dialect.quoteRelation(node.relation), node.relation, node.name)
          : nothing;
      // Made for those who ask.
      case "model":
        return () => (node && node.resourceType !== "test" ? modelValue(node, this.#input.batch) : nothing);
      default:
        return undefined;
    }
  }

  #ref({ args, spot }: GlobalCall): Value {
    const { parsed, deferred, dialect, ephemeralAsRelation } = this.#input;
    const first = args.text("model_or_package") ?? "";
    const second = args.text("model");
    const wanted = versionedName(second ?? first, versionOf(args));
    const [found] = parsed.targets.refs.find(wanted, second === undefined ? null : first, this.#from);
    if (!found?.config.enabled) {
      const near = didYouMean(wanted, parsed.targets.refs.keys());
      return fail(spot, "REF_UNKNOWN", `no model, seed or snapshot is named "${wanted}"`, near);
    }
    const { name, config, uniqueId } = found;
    if (isEphemeral(found) && !ephemeralAsRelation)
      return relationValue(this.#asRead(this.#ephemeral(found), config.event_time), found.relation, name);
    const relation = deferred?.get(uniqueId) ?? found.relation;
    return relationValue(this.#asRead(dialect.quoteRelation(relation), config.event_time), relation, name);
  }

  #source({ args, spot }: GlobalCall): Value {
    const { parsed, sources } = this.#input;
    const [wanted, table] = [args.text("source") ?? "", args.text("table") ?? ""];
    const called = `${wanted}.${table}`;
    const [found] = parsed.targets.sources.find(called, null, this.#from);
    if (!found) {
      const near = didYouMean(called, parsed.targets.sources.keys());
      return fail(spot, "SOURCE_UNKNOWN", `no source table is declared as "${called}"`, near);
    }
    const part: SourceAsk["part"] = args.text("part") === "dimensions" ? "dimensions" : "observations";
    const vintage = args.text("vintage") ?? null;
    const known = sources.vintages(found).map((edition) => edition.vintage);
    if (vintage !== null && !isVintage(vintage, known)) {
      const message = `"${wanted}.${table}" has no vintage "${vintage}"`;
      const hint =
        didYouMean(vintage, [...NAMED_VINTAGES, ...known]) ?? `known: ${NAMED_VINTAGES.join(", ")}, or an id`;
      return fail(spot, "VINTAGE_UNKNOWN", message, hint);
    }
    const sql = this.#asRead(
      sources.relation(found, { vintage, part }),
      part === "observations" ? found.eventTime : null,
    );
    return relationValue(sql, found.relation, found.name);
  }

  #asRead(sql: string, eventTime: string | null): string {
    return inputOf(sql, eventTime, this.#node, this.#input, this.#spoken);
  }

  #whereSubquery({ args }: GlobalCall): Value {
    const node = this.#node;
    const relation = args.get("relation") ?? null;
    if (!(relation instanceof Sql)) return relation;
    const alias = args.text("alias");
    if (node?.resourceType !== "test" || node.config.where === null)
      return alias === undefined
        ? relation
        : new Sql([...relation.parts, ` as ${alias}`], () => relation.fields);
    const { template, problems } = parseTemplate(node.place.file, node.config.where);
    if (problems.length > 0)
      throw new ProjectError(problems.map((problem) => ({ ...problem, ...plainPlace(node.place) })));
    const where = renderTemplate(template, this.#input.parsed.library, this.context!);
    return new Sql(
      ["(select * from ", ...relation.parts, ` where ${where}\n) as ${alias ?? "dbt_subquery"}`],
      () => relation.fields,
    );
  }
}

/** What is said of a node is data, what it is called in the warehouse names, as those of `this`. */
function modelValue(node: RelationNode, batch: BatchOf | undefined): Value {
  const { database, schema, identifier } = node.relation;
  return new Map<string, Value>([
    ...Object.entries(linkedNode(node)).map(([key, value]) => [key, new Data(value)] as const),
    ["database", database === null ? null : new Identifier(database)],
    ["schema", new Identifier(schema)],
    ["alias", new Identifier(node.alias)],
    ["identifier", new Identifier(identifier)],
    ["batch", batchValue(node, batch)],
  ]);
}

/** As in dbt; of a model that is built in batches, and compiled for none of them, nothing is known. */
function batchValue(node: RelationNode, batch: BatchOf | undefined): Value {
  if (node.resourceType !== "model" || node.config.batch_size === null) return null;
  const own = batch?.uniqueId === node.uniqueId ? batch : undefined;
  return new Map<string, Value>([
    ["id", own ? new Data(batchId(own, node.config.batch_size)) : null],
    ["event_time_start", own ? new Data(instantText(own.start)) : null],
    ["event_time_end", own ? new Data(instantText(own.end)) : null],
  ]);
}

/** Whether a node's SQL is another engine's until it is translated. */
export const isTranslated = ({ translate }: CompileInput, node: GraphNode | undefined): boolean =>
  translate !== undefined && node?.resourceType === "model" && node.config.portable;

const relationValue = (sql: string, { database, schema, identifier }: Relation, name: string): Sql =>
  new Sql(
    sql,
    () =>
      new Map<string, Value>([
        ["database", database === null ? null : new Identifier(database)],
        ["schema", new Identifier(schema)],
        ["identifier", new Identifier(identifier)],
        ["name", new Identifier(name)],
      ]),
  );

function versionOf(args: Arguments): Version | null {
  const given = args.get("version") ?? args.get("v") ?? null;
  const value = given === null ? null : valueToJson(given);
  return typeof value === "string" || typeof value === "number" ? value : null;
}

function fail(spot: Spot, code: string, message: string, hint: string | undefined): never {
  throw new ProjectError([{ ...spot.place(), code, message, ...(hint && { hint }) }]);
}
