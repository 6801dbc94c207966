import type { Effects } from "../base/effects.ts";
import type { ModelNode } from "../graph/types.ts";
import type { CompileInput } from "../plan/compile-input.ts";
import type { Reading } from "../plan/portion.ts";
import type { KeptProject } from "./parse-cache/kept-project.ts";

/** What of an open project its templates are compiled with. */
type Compilable = Pick<
  CompileInput,
  | "project"
  | "parsed"
  | "dialect"
  | "sources"
  | "invocationId"
  | "startedAt"
  | "queries"
  | "translate"
  | "flags"
> & {
  readonly effects: Pick<Effects, "env">;
  readonly deferred: NonNullable<CompileInput["deferred"]>;
  readonly kept: Pick<KeptProject, "isOf" | "sqlOf">;
};

/** Whether whole inputs are read, and the project's own relations, of the project as it stands on disk: what SQL is kept for. */
export const isPlain = (open: Compilable, reading: Reading): boolean =>
  open.kept.isOf(open) &&
  open.deferred.size === 0 &&
  Object.values(reading).every((part) => part === undefined);

/** What templates of this project are compiled with. */
export function compileInputOf(
  open: Compilable,
  isIncremental: (node: ModelNode) => boolean = () => false,
  reading: Reading = {},
): CompileInput {
  const { project, parsed, dialect, sources, effects, invocationId, startedAt, queries } = open;
  return {
    project,
    parsed,
    dialect,
    sources,
    env: effects.env,
    isIncremental,
    deferred: open.deferred,
    ...reading,
    translate: open.translate,
    flags: open.flags,
    invocationId,
    startedAt,
    queries,
    known: isPlain(open, reading) ? (id) => open.kept.sqlOf(id) : undefined,
  };
}
