import { envFunction, targetValue, varFunction } from "../graph/evaluate.ts";
import { KnownCalls } from "../template/known-calls.ts";
import type { GlobalFunction, RenderContext } from "../template/types.ts";
import { Data, nothing } from "../template/values.ts";
import type { Value } from "../template/values.ts";
import type { CompileInput } from "./compile-input.ts";
import { flagsValue, noFlags } from "./flags.ts";
import { Queries } from "./queries.ts";
import { queryFunctions } from "./query-functions.ts";

/** What means the same in every template of a package in a run. */
export type SameForAll = Pick<RenderContext, "literal" | "quoteIdentifier" | "target" | "vars"> & {
  readonly package: string | null;
  readonly all: ReadonlyMap<string, Value | GlobalFunction>;
  readonly calls: KnownCalls;
};
const known = new WeakMap<CompileInput, Map<string, SameForAll>>();

/** Made once for a package. */
export function sameForAll(input: CompileInput, owner: string): SameForAll {
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
    // Said while the project was parsed.
    config: nothing,
    doc: ({ args }) => {
      const names = [args.text("package_or_name"), args.text("name")];
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
    package: owner === project.name ? null : owner,
    literal: (value) => dialect.literal(value),
    quoteIdentifier: (identifier) => dialect.quoteIdentifier(identifier),
    target: { name, type, schema, threads },
    vars,
    all,
    calls,
  };
}
