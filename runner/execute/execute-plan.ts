import type { Session } from "../adapters/adapter.ts";
import { OperationError, ProjectError } from "../base/errors.ts";
import type { Problem } from "../base/problems.ts";
import { cellText } from "../adapters/cell-text.ts";
import { QueryError, isReadByOthers, refuseStopped } from "../adapters/query-error.ts";
import { dialectOf } from "../dialects/dialect-of.ts";
import { retryConflicts } from "../adapters/retry-conflicts.ts";
import { checkUnaltered } from "./unaltered-file.ts";
import { preparePath, publishPath, removeQuietly } from "./publish-path.ts";
import type { Relation } from "../graph/types.ts";
import type { NodePlan, Step } from "../plan/step.ts";
import { placeInQuery } from "./place-in-query.ts";

/**
 * Runs the steps of a plan in order, in one transaction where the plan asks for it; one that lost against another
 * transaction is run again from its start.
 * `signal` keeps further steps from starting; stopping the one that runs is `session.interrupt()`. `audit` runs the node's tests on what
 * holds it, in the session, and throws where it must not be published.
 * @returns the rows built or changed, null where the engine does not say, and how many went to quarantine
 * @throws QueryError placed in the node's own query where the mistake is there
 */
export async function executePlan(
  plan: NodePlan,
  session: Session,
  signal?: AbortSignal,
  audit?: (relation: Relation) => Promise<void>,
): Promise<{ readonly rows: number | null; readonly moved: number }> {
  let moved = 0;
  const runAll = async (list: readonly Step[]): Promise<number | null> => {
    let rows: number | null = null;
    for await (const [step, counted] of runSteps(list, session, { signal, audit })) {
      if (step.kind === "statement" && step.moves) moved = counted ?? 0;
      else rows = counted === null ? rows : (rows ?? 0) + counted;
    }
    return rows;
  };
  try {
    const steps = (): Promise<number | null> => runAll(plan.steps);
    await runAll(plan.before ?? []);
    const rows = plan.transaction
      ? await retryConflicts(() => session.transaction(steps), signal)
      : await steps();
    await runAll(plan.after ?? []);
    return { rows, moved };
  } catch (error) {
    // Half a file beside is of no use to anybody.
    for (const step of plan.steps) if (step.kind === "publish-path") removeQuietly(step.from);
    throw error instanceof QueryError ? placeInQuery(error, plan.query) : error;
  }
}

type Statement = Step & { readonly kind: "statement" };
type Running = {
  readonly signal?: AbortSignal | undefined;
  readonly audit?: ((relation: Relation) => Promise<void>) | undefined;
};

/** Each step that is done, with the rows of it that count for the node, else null. Statements between two steps of other kinds are handed over together. */
async function* runSteps(
  steps: readonly Step[],
  session: Session,
  { signal, audit }: Running = {},
): AsyncGenerator<readonly [Step, number | null], void> {
  for (let at = 0; at < steps.length;) {
    refuseStopped(signal);
    const step = steps[at]!;
    if (step.kind === "statement") {
      const end = steps.findIndex(({ kind }, i) => i > at && kind !== "statement");
      const statements = steps.slice(at, end === -1 ? undefined : end) as readonly Statement[];
      yield* runStatements(statements, session, signal);
      at += statements.length;
      continue;
    }
    if (step.kind === "audit") await audit?.(step.relation);
    else yield [step, await runStep(step, session)];
    at++;
  }
}

async function* runStatements(
  steps: readonly Statement[],
  session: Session,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly [Step, number | null], void> {
  const running = session.runEach(
    steps.map(({ sql }) => sql),
    signal,
  );
  for (const step of steps) {
    const next = await running.next().catch((error: unknown) => {
      throw step.refused === undefined ? error : whatWasRefused(step.refused, error);
    });
    const rows = next.value ?? null;
    if (step.counts === "less") yield [step, rows === null ? null : -rows];
    else yield [step, step.counts || step.moves ? rows : null];
  }
}

async function runAll(steps: readonly Step[], session: Session): Promise<void> {
  for await (const _ of runSteps(steps, session));
}

/** The rows that count for the node, else null. */
async function runStep(
  step: Exclude<Step, { readonly kind: "statement" | "audit" }>,
  session: Session,
): Promise<number | null> {
  switch (step.kind) {
    case "hook":
      await runHook(step, session);
      return null;
    case "unless-read":
      await runUnlessRead(step, session);
      return null;
    case "statements-of":
      await runList(
        (await session.ask(step)).rows.map(([sql]) => cellText(sql)),
        session,
      );
      return null;
    case "assert-empty":
      await assertEmpty(step, session);
      return null;
    case "comment-columns":
      await commentColumns(step, session);
      return null;
    case "prepare-path":
      preparePath(step.from, step.to);
      return null;
    case "publish-path":
      publishPath(step.from, step.to, step.byParts);
      return null;
    case "replace-relation":
      await session.replaceRelation(step);
      return null;
    case "replace-view":
      if (await session.replaceView(step.target, step.sql)) return null;
      await runAll(step.otherwise, session);
      return null;
    case "load-file":
      return unaltered(step.source, session.loadFile(step.target, step.source));
    case "load-csv":
      return unaltered(step.source, session.loadCsv(step.target, step.source));
  }
}

async function runList(statements: readonly string[], session: Session): Promise<void> {
  for await (const _ of session.runEach(statements));
}

/** Half a file may be wrong, too. */
async function unaltered<T>(
  { path, stamp }: { readonly path: string; readonly stamp?: string },
  loading: Promise<T>,
): Promise<T> {
  try {
    return await loading;
  } finally {
    checkUnaltered(path, stamp);
  }
}

/** The engine names neither the column nor what was to be done with it. */
const whatWasRefused = (told: Problem, error: unknown): unknown =>
  error instanceof QueryError && error.kind === "sql"
    ? new ProjectError([{ ...told, message: `${told.message}: ${error.message}` }], error)
    : error;

/** Hooks of a whole run, each by itself. Throws an OperationError that tells which one failed. */
export async function executeHooks(steps: readonly Step[], session: Session): Promise<void> {
  await runAll(steps, session);
}

/** A hook's lines are in no compiled file, so its text is told with the mistake. */
async function runHook({ label, sql }: Step & { readonly kind: "hook" }, session: Session): Promise<void> {
  try {
    await session.runAll(sql);
  } catch (error) {
    if (!(error instanceof QueryError) || error.kind === "cancelled" || error.kind === "conflict")
      throw error;
    const message = `the ${label} failed (${oneLine(sql)}): ${error.message}`;
    throw new OperationError("HOOK_FAILED", message, { cause: error, retryable: error.retryable });
  }
}

async function runUnlessRead(
  { statements, otherwise }: Step & { readonly kind: "unless-read" },
  session: Session,
): Promise<void> {
  await session.run("savepoint statloom_unless_read");
  try {
    await runAll(statements, session);
    await session.run("release savepoint statloom_unless_read");
  } catch (error) {
    const refused = error instanceof ProjectError ? error.cause : error;
    if (!(refused instanceof QueryError) || !isReadByOthers(refused)) throw error;
    await session.run("rollback to savepoint statloom_unless_read");
    await runAll(otherwise, session);
  }
}

const oneLine = (sql: string): string => sql.replaceAll(/\s+/g, " ");

async function commentColumns(
  { target, comments, dialect: of }: Step & { readonly kind: "comment-columns" },
  session: Session,
): Promise<void> {
  const dialect = dialectOf(of);
  // As the relation spells them: DuckDB finds no column of a view in other letters.
  const known = new Map(
    (await session.columnsOf(target)).map(({ name }) => [dialect.identifierKey(name), name]),
  );
  const told = comments.flatMap(({ column, text }) => {
    const name = known.get(dialect.identifierKey(column));
    return name === undefined ? [] : [dialect.commentOnColumn(target, name, text)];
  });
  if (told.length > 0) await session.runAll(told.join(";\n"));
}

async function assertEmpty(step: Step & { readonly kind: "assert-empty" }, session: Session): Promise<void> {
  if (step.onlyIf !== undefined && (await session.ask(step.onlyIf)).rows.length === 0) return;
  const failure = (found: string, cause?: unknown): OperationError =>
    new OperationError(step.code, `${step.message}: ${found}`, { hint: step.hint, cause });
  const { columns, rows } = await session.query(step.sql).catch((error: unknown) => {
    throw step.casts && error instanceof QueryError && error.kind === "sql"
      ? failure(error.message, error)
      : error;
  });
  const [row] = rows;
  if (row !== undefined)
    throw failure(columns.map(({ name }, i) => `${name} = ${cellText(row[i])}`).join(", "));
}
