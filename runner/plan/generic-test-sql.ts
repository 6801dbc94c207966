import type { JsonObject } from "../base/json.ts";
import { Recent } from "../base/recent.ts";
import { isEphemeral } from "../graph/relation-nodes.ts";
import type { GenericTest, RefCall, TestNode } from "../graph/types.ts";
import { versionedName } from "../graph/versions.ts";
import { scriptCalls } from "../template/call-script.ts";
import { parseTemplate } from "../template/parse-template.ts";
import { renderTemplate } from "../template/render-template.ts";
import type { RenderContext } from "../template/types.ts";
import { Gap, Sql } from "../template/values.ts";
import type { Value } from "../template/values.ts";
import { compileContext } from "./compile-context.ts";
import type { CompileInput } from "./compile-input.ts";
import { isBlankSql } from "./ephemeral.ts";
import { trimmedQuery } from "./node-query.ts";

/** What is between the places where the relation stands; null: it has to be rendered for each. */
type Form = { readonly pieces: readonly string[] | null };
/** The form of those whose template is this text, before and after what is tested. */
type Pattern = Form & { readonly from: string; readonly before: string; readonly after: string };

/** What a call means, and its spelling where it is put into gaps. */
type Tested = { readonly id: string | undefined; readonly relation: string | undefined };
const unknown: Tested = { id: undefined, relation: undefined };

const NAME = "relation_that_is_tested";
const STAND = '"relation"."that is tested"';
/** Nothing around such a name reads it in another way than STAND. */
const USUAL = /^"[\w ]+"\."[\w ]+"$/;

/**
 * The SQL of generic tests that say the same of different relations: rendered once with a gap where the relation stands, which is then
 * filled. A macro that looks at its relation, instead of printing it, is rendered for each.
 */
export class GenericTestSql {
  readonly #input: CompileInput;
  readonly #forms = new Recent<Form>(2000);
  /** By the arguments, which many tests of the same words have as one object: comparing a text takes less than looking it up. */
  readonly #patterns = new Map<JsonObject, Pattern[]>();
  /** By package: without a `where` nothing that a test is rendered with is its own. */
  readonly #contexts = new Map<string, RenderContext>();
  /** Of the test before: tests of one relation come one after the other. */
  #last: { readonly call: RefCall; readonly from: string; readonly found: Tested } | undefined;

  constructor(input: CompileInput) {
    this.#input = input;
  }

  /** undefined: it has to be rendered by itself. */
  of(node: TestNode): string | undefined {
    const { generic } = node;
    if (generic === null || node.config.where !== null) return undefined;
    const relation = this.#relationOf(node, generic.attachedNode);
    if (relation === undefined) return undefined;
    const form = this.#known(node, generic) ?? this.#formOf(node, generic);
    return form?.pieces?.join(relation);
  }

  /** What is wrong is told when it is asked for. */
  foresee(node: TestNode): void {
    try {
      this.of(node);
    } catch {
      // As a name that cannot be quoted.
    }
  }

  #known({ rawCode, packageName }: TestNode, { arguments: args, tested }: GenericTest): Form | undefined {
    const patterns = this.#patterns.get(args);
    if (patterns === undefined) return undefined;
    for (const pattern of patterns) {
      const { from, before, after } = pattern;
      if (
        rawCode.length === before.length + tested.length + after.length &&
        from === packageName &&
        rawCode.startsWith(before) &&
        rawCode.startsWith(tested, before.length) &&
        rawCode.endsWith(after)
      )
        return pattern;
    }
    return undefined;
  }

  #formOf(node: TestNode, { tested, arguments: args }: GenericTest): Form | undefined {
    const { rawCode, packageName: from, uniqueId } = node;
    if (rawCode.includes(uniqueId)) return undefined;
    const texts = rawCode.split(tested);
    const asked = texts.join(NAME);
    const key = `${from} ${asked}`;
    let form = this.#forms.get(key);
    if (form === undefined) this.#forms.set(key, (form = { pieces: this.#piecesOf(node, asked) }));
    if (texts.length === 2) {
      const pattern: Pattern = { pieces: form.pieces, from, before: texts[0]!, after: texts[1]! };
      const same = this.#patterns.get(args);
      if (same === undefined) this.#patterns.set(args, [pattern]);
      else same.push(pattern);
    }
    return form;
  }

  /** As it is read: all of it, and its own. */
  #relationOf({ references, packageName, uniqueId }: TestNode, attachedNode: string): string | undefined {
    const { parsed, batch, portion } = this.#input;
    const call = references.refs[0];
    if (call === undefined || batch !== undefined || portion !== undefined) return undefined;
    if (parsed.introspective.size > 0 && parsed.introspective.has(uniqueId)) return undefined;
    if (this.#last?.call !== call || this.#last.from !== packageName)
      this.#last = { call, from: packageName, found: this.#testedBy(call, packageName) };
    const { id, relation } = this.#last.found;
    return id === attachedNode ? relation : undefined;
  }

  #testedBy({ name, package: of, version }: RefCall, from: string): Tested {
    const { parsed, deferred, dialect } = this.#input;
    const [found] = parsed.targets.refs.find(versionedName(name, version), of, from);
    if (found === undefined || !found.config.enabled || isEphemeral(found)) return unknown;
    const relation = dialect.quoteRelation(deferred?.get(found.uniqueId) ?? found.relation);
    return { id: found.uniqueId, relation: USUAL.test(relation) ? relation : undefined };
  }

  #piecesOf(node: TestNode, asked: string): readonly string[] | null {
    const { template, problems } = parseTemplate(node.place.file, asked);
    if (problems.length > 0 || node.rawCode.includes(NAME)) return null;
    const { library } = this.#input.parsed;
    const gap = new Gap(STAND);
    const noFields = new Map<string, Value>();
    const fields = (): ReadonlyMap<string, Value> => {
      gap.look();
      return noFields;
    };
    const bound = new Map([[NAME, new Sql([gap], fields)]]);
    const calls = scriptCalls.count;
    try {
      const sql = trimmedQuery(renderTemplate(template, library, this.#contextOf(node), bound));
      return isBlankSql(sql) || gap.isLookedInto || scriptCalls.count > calls ? null : sql.split(STAND);
    } catch {
      // Told where it is rendered by itself.
      return null;
    }
  }

  #contextOf(node: TestNode): RenderContext {
    let context = this.#contexts.get(node.packageName);
    if (context === undefined) {
      context = compileContext(this.#input, node, ({ name }) => {
        throw new Error(`"${name}" would have to be put in front`);
      });
      this.#contexts.set(node.packageName, context);
    }
    return context;
  }
}
