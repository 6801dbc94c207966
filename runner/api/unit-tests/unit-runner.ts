import type { ResultTable, Session } from "../../adapters/adapter.ts";
import { openDuckDb } from "../../adapters/duckdb/open-duckdb.ts";
import { QueryError } from "../../adapters/query-error.ts";
import { OperationError, StatloomError, messageOf } from "../../base/errors.ts";
import { didYouMean } from "../../base/nearest.ts";
import { compareRows, differenceSummary, differenceTable } from "../../checks/unit/compare-rows.ts";
import { duckdb } from "../../dialects/duckdb.ts";
import type { Relation, SeedNode, UnitTestInput, UnitTestNode } from "../../graph/types.ts";
import { reach } from "../../graph/select/walk.ts";
import { flatten } from "../columns/flat-project.ts";
import type { FlatProject } from "../columns/flat-project.ts";
import { knownColumns } from "../columns/known-columns.ts";
import type { KnownColumns } from "../columns/known-columns.ts";
import { planSeed } from "../../plan/plan-seed.ts";
import { fileOf } from "../open-project.ts";
import type { OpenProject } from "../open-project.ts";
import { OWN_SCHEMA, fillTable } from "./fixture-table.ts";
import { frozenClock, overridden } from "./overridden.ts";

export type UnitOutcome = {
  readonly status: "pass" | "fail" | "error";
  /** Rows that differ. */
  readonly failures: number | null;
  readonly message: string | null;
  readonly compiledCode: string | null;
};

/** Runs unit tests in a DuckDB of its own in memory: neither data nor the warehouse is touched. */
export type UnitRunner = {
  run(test: UnitTestNode): Promise<UnitOutcome>;
  /** What the tested SQL gives of the rows that are given. Throws a StatloomError. */
  rowsOf(test: UnitTestNode): Promise<ResultTable>;
  close(): Promise<void>;
};

const ACTUAL: Relation = { database: null, schema: OWN_SCHEMA, identifier: "actual" };
const EXPECTED: Relation = { database: null, schema: OWN_SCHEMA, identifier: "expected" };
const MEMORY = { type: "duckdb", name: "unit tests", path: ":memory:", schema: "main", threads: 1 } as const;

/** `tests`: what will be run; the columns of what they read are found once for all of them. */
export async function openUnitRunner(open: OpenProject, tests: readonly UnitTestNode[]): Promise<UnitRunner> {
  const { graph } = open.parsed;
  const tested = tests.flatMap(({ dependsOn }) => dependsOn.nodes);
  const above = new Set([...tested, ...reach(graph.parents, tested)]);
  const known = await knownColumns({ ...open, dialect: duckdb }, above, null);
  const settings = open.project.target.type === "duckdb" ? open.project.target.settings : {};
  const adapter = await openDuckDb({ ...MEMORY, settings });
  const session = await adapter.session();
  let last: Promise<unknown> = Promise.resolve();
  // One after the other: each has the session to itself and leaves nothing behind.
  const alone = <T>(body: () => Promise<T>): Promise<T> => {
    const mine = last.then(body);
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    run: (test) => alone(() => new UnitTest(open, known, session, test).run()),
    rowsOf: (test) => alone(() => new UnitTest(open, known, session, test).rows()),
    close: () => adapter.close(),
  };
}

const ASK_HINT =
  "a unit test runs without it: ask in a macro of your own, and say what it comes to under overrides: {macros: {…}}";

class UnitTest {
  readonly #open: OpenProject;
  readonly #known: KnownColumns;
  readonly #session: Session;
  readonly #test: UnitTestNode;
  readonly #flat: FlatProject;

  constructor(open: OpenProject, known: KnownColumns, session: Session, test: UnitTestNode) {
    this.#open = overridden(open, test);
    this.#known = known;
    this.#session = session;
    this.#test = test;
    this.#flat = flatten(this.#open, ({ uniqueId }) => uniqueId === test.model && this.#isIncremental());
  }

  async rows(): Promise<ResultTable> {
    const sql = await this.#query();
    return this.#aside(async () => {
      await this.#make(sql);
      return this.#session.query(`select * from ${duckdb.quoteRelation(ACTUAL)}`);
    });
  }

  async run(): Promise<UnitOutcome> {
    let compiledCode: string | null = null;
    try {
      const sql = (compiledCode = await this.#query());
      const outcome = await this.#aside(() => this.#compare(sql));
      return { ...outcome, compiledCode };
    } catch (error) {
      if (!(error instanceof StatloomError)) throw error;
      const hint = error instanceof OperationError && error.hint !== undefined ? `\n${error.hint}` : "";
      return {
        status: "error",
        failures: null,
        message: `${error.code} ${messageOf(error)}${hint}`,
        compiledCode,
      };
    }
  }

  /** dbt's way: `overrides: {macros: {is_incremental: true}}`. */
  #isIncremental(): boolean {
    return this.#test.overrides.macros["is_incremental"] === true;
  }

  /** SQL of another engine is not translated for DuckDB: what comes of that may mean something else without a word. */
  #foreign(error: unknown): OperationError | null {
    const { type } = this.#open.project.target;
    if (type === "duckdb" || !(error instanceof QueryError) || error.kind !== "sql") return null;
    const message = `DuckDB, in which unit tests run, refuses SQL that is written for ${type}: ${error.message}`;
    const hint = "write what both engines take, or portable: true; data tests run on the target itself";
    return new OperationError("UNIT_TEST_FOREIGN", message, { cause: error, hint });
  }

  async #aside<T>(body: () => Promise<T>): Promise<T> {
    await this.#session.run("begin transaction");
    try {
      return await body();
    } finally {
      await this.#session.run("rollback");
    }
  }

  async #query(): Promise<string> {
    const { uniqueId, model, cte } = this.#test;
    const { body } = this.#open.queries.refusing(ASK_HINT, () =>
      this.#flat.compiler.compile(model ?? uniqueId),
    );
    if (cte === null) return body;
    const { cutAtCte } = await import("./cut-cte.ts");
    return cutAtCte(body, cte);
  }

  async #compare(sql: string): Promise<Omit<UnitOutcome, "compiledCode">> {
    const { expect } = this.#test;
    const session = this.#session;
    await this.#make(sql);
    const columns = await session.columnsOf(ACTUAL);
    const actual = duckdb.quoteRelation(ACTUAL);
    const expected = duckdb.quoteRelation(EXPECTED);
    await session.run(`create table ${expected} as from ${actual} limit 0`);
    const names = await fillTable(session, EXPECTED, columns, expect);
    // No rows at all are expected: then any column of any row is too much.
    const compared = names.length > 0 ? names : columns.map(({ name }) => name);
    const list = compared.map((name) => duckdb.quoteIdentifier(name)).join(", ");
    const rowsOf = async (table: string): Promise<Parameters<typeof compareRows>[0]> =>
      (await session.query(`select ${list} from ${table}`)).rows;
    const differences = compareRows(await rowsOf(expected), await rowsOf(actual));
    if (differences.length === 0) return { status: "pass", failures: 0, message: null };
    const table = differenceTable(compared, differences);
    return {
      status: "fail",
      failures: differences.length,
      message: `${differenceSummary(differences)} (expected → found)\n${table}`,
    };
  }

  async #make(sql: string): Promise<void> {
    const { now } = this.#test.overrides;
    await this.#giveInputs();
    for (const statement of now === null ? [] : frozenClock(now)) await this.#session.run(statement);
    try {
      await this.#session.run(duckdb.createTableAs(ACTUAL, sql, "new"));
    } catch (error) {
      throw this.#foreign(error) ?? error;
    }
  }

  /** A table for everything that is read: with the rows that are given, else empty. */
  async #giveInputs(): Promise<void> {
    const given = new Map<string, UnitTestInput>();
    for (const input of this.#test.given) given.set(duckdb.quoteRelation(this.#relationOf(input)), input);
    const tables = new Map<string, Relation>();
    const add = (relation: Relation): void => void tables.set(duckdb.quoteRelation(relation), relation);
    for (const input of this.#test.given) add(this.#relationOf(input));
    for (const id of this.#parents()) {
      const node = this.#open.parsed.graph.nodes.get(id);
      if (node && node.resourceType !== "test") add({ ...node.relation, database: null });
      for (const { relation } of this.#flat.sourcesOf(id)) add(relation);
    }
    const schemas = new Set([OWN_SCHEMA, ...Array.from(tables.values(), ({ schema }) => schema)]);
    for (const schema of schemas) await this.#session.run(duckdb.createSchema(schema));
    for (const [name, relation] of tables) await this.#giveTable(relation, given.get(name));
  }

  async #giveTable(relation: Relation, input: UnitTestInput | undefined): Promise<void> {
    const seed = input && this.#seedOf(relation, input);
    if (seed) return this.#loadSeed(relation, seed);
    const columns = this.#known.typesOf([relation.schema, relation.identifier]);
    if (columns) {
      const list = columns.map(({ name, type }) => `${duckdb.quoteIdentifier(name)} ${type}`);
      await this.#session.run(`create table ${duckdb.quoteRelation(relation)} (${list.join(", ")})`);
    }
    if (!input) return;
    try {
      await fillTable(this.#session, relation, columns, input.rows);
    } catch (error) {
      if (!(error instanceof StatloomError)) throw error;
      const { file, line } = input.place;
      const hint = error instanceof OperationError ? error.hint : undefined;
      throw new OperationError(error.code, `${file}:${line} input ${input.input}: ${error.message}`, {
        cause: error,
        ...(hint !== undefined && { hint }),
      });
    }
  }

  /** The seed whose own rows are meant: where a test names one as input and gives no rows, as in dbt. */
  #seedOf({ schema, identifier }: Relation, { rows }: UnitTestInput): SeedNode | undefined {
    if (rows.rows !== null) return undefined;
    const { nodes } = this.#open.parsed.graph;
    return this.#parents()
      .map((id) => nodes.get(id))
      .find(
        (node) =>
          node?.resourceType === "seed" &&
          node.relation.schema === schema &&
          node.relation.identifier === identifier,
      ) as SeedNode | undefined;
  }

  async #loadSeed(relation: Relation, seed: SeedNode): Promise<void> {
    const [step] = planSeed(seed, fileOf(this.#open, seed), null, { dialect: duckdb }).steps;
    if (step?.kind === "load-csv") await this.#session.loadCsv(relation, step.source);
    else if (step?.kind === "load-file") await this.#session.loadFile(relation, step.source);
  }

  #relationOf(input: UnitTestInput): Relation {
    const { nodes, sources } = this.#open.parsed.graph;
    if (input.kind === "name") return { database: null, schema: "main", identifier: input.input };
    if (input.kind === "this") {
      const model = nodes.get(this.#test.model ?? "");
      if (model?.resourceType === "model") return { ...model.relation, database: null };
    }
    const printed = input.kind === "call" ? this.#flat.compiler.compile(input.templateId).body : "";
    const relations = [
      ...this.#parents().flatMap((id) => {
        const node = nodes.get(id);
        return node && node.resourceType !== "test" ? [{ ...node.relation, database: null }] : [];
      }),
      ...[...sources.keys()].flatMap((id) => this.#flat.sourcesOf(id).map(({ relation }) => relation)),
    ];
    const found = relations.find((relation) => duckdb.quoteRelation(relation) === printed);
    if (found) return found;
    const message = `nothing here reads ${input.input}`;
    const known = relations.map(({ identifier }) => identifier);
    const hint = didYouMean(input.input, known);
    throw new OperationError("UNIT_INPUT_UNREAD", message, hint === undefined ? {} : { hint });
  }

  /** What the tested SQL depends on. */
  #parents(): readonly string[] {
    const { model, dependsOn } = this.#test;
    return model === null ? dependsOn.nodes : (this.#open.parsed.graph.parents.get(model) ?? []);
  }
}
