import { existsSync } from "node:fs";
import type { Adapter, Cell, ResultTable, Session } from "../adapters/adapter.ts";
import { openAdapter } from "../adapters/open.ts";
import { QueryError } from "../adapters/query-error.ts";
import type { Json } from "../base/json.ts";
import type { Ask, QueryRows } from "../plan/queries.ts";
import type { OpenProject } from "./open-project.ts";
import { openToRead, stopAt } from "./with-session.ts";

/** Compiles what may ask the warehouse; the same for everybody who compiles a node and can wait. */
export type Settle = <T>(compile: () => T) => Promise<T>;

/** With a session that is open already. */
export const settleWith =
  ({ queries }: OpenProject, session: Session): Settle =>
  (compile) =>
    queries.settle(compile, async (sql) => rowsOf(await session.query(sql)), explain);

/** Opens the warehouse for the first query and closes it after `body`. A warehouse that is not there yet is empty, and is not made. */
export async function withIntrospection<T>(
  open: OpenProject,
  body: (settle: Settle) => Promise<T>,
): Promise<T> {
  let opening: Promise<{ adapter: Adapter; session: Session }> | undefined;
  const sessions: Session[] = [];
  const done = stopAt(open.effects.signal, sessions);
  const ask: Ask = async (sql) => {
    opening ??= connect(open);
    const { session } = await opening;
    if (sessions.length === 0) sessions.push(session);
    return rowsOf(await session.query(sql));
  };
  try {
    return await body((compile) => open.queries.settle(compile, ask, explain));
  } finally {
    done();
    const opened = await opening?.catch(() => undefined);
    await opened?.session.close();
    await opened?.adapter.close();
  }
}

async function connect({
  project: { target },
  effects: { signal },
}: OpenProject): Promise<{ adapter: Adapter; session: Session }> {
  const isThere = target.type !== "duckdb" || existsSync(target.path);
  const adapter = isThere
    ? (await openToRead(target, signal)).adapter
    : await openAdapter({ ...target, path: ":memory:" });
  return { adapter, session: await adapter.session() };
}

/** Of a warehouse that cannot be asked, no place in a template is to blame. */
const explain = (error: unknown): string | undefined =>
  error instanceof QueryError && /^(sql|io)$/.test(error.kind) ? error.message : undefined;

/** Rows as maps. */
export const rowsOf = ({ columns, rows }: ResultTable): QueryRows =>
  rows.map((row) => Object.fromEntries(columns.map(({ name, type }, i) => [name, plainCell(row[i]!, type)])));

/** Numbers that sessions give as text, as they may be larger than a number holds, are numbers where they are not. */
const plainCell = (cell: Cell, type: string): Json =>
  typeof cell === "string" &&
  /INT|DECIMAL|NUMERIC/i.test(type) &&
  /^-?(?=[\d.]{1,16}$)\d+(?:\.\d+)?$/.test(cell)
    ? Number(cell)
    : cell;
