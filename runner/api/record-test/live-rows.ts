import type { ResultColumn, ResultTable, Session } from "../../adapters/adapter.ts";
import type { JsonObject } from "../../base/json.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import type { ModelNode } from "../../graph/types.ts";
import { parseTemplate } from "../../template/parse-template.ts";
import { compilerFor } from "../compile-nodes.ts";
import { rowsOf, settleWith } from "../introspect.ts";
import type { OpenProject } from "../open-project.ts";
import type { GivenRows } from "./draft.ts";

/** Rows of an input that are looked at for each row that the model shall show, and in all. */
const EACH = 20;
const AT_MOST = 200;

type Input = { readonly name: string; readonly sql: string; readonly columns: readonly ResultColumn[] };

/**
 * Rows of the inputs of a model, in samples, the likeliest first: those that agree with one of its own first rows in all codes, dates and whole
 * numbers that both have; in all but one of them, as editions and periods that are compared differ in one; in any; the first rows of each.
 */
export async function* liveSamples(
  open: OpenProject,
  session: Session,
  model: ModelNode,
  names: readonly string[],
  limit: number,
): AsyncGenerator<GivenRows> {
  const compiler = compilerFor(open, () => false);
  const settle = settleWith(open, session);
  const { compiledCode } = await settle(() => compiler.compile(model.uniqueId));
  const shown = await session.query(`select * from (\n${compiledCode}\n) as shown limit ${limit}`);
  const inputs: Input[] = [];
  for (const name of names) {
    const { template } = parseTemplate("inline", `select * from {{ ${name} }}`);
    const { compiledCode: sql } = await settle(() => compiler.compileInline(template));
    inputs.push({ name, sql, columns: await session.describe(sql) });
  }
  const common = new Set(inputs.flatMap(({ columns }) => commonOf(columns, shown)));
  const atMost = Math.min(AT_MOST, limit * EACH);
  const sample = async (leaving: string | null, word: "and" | "or" | null): Promise<GivenRows> => {
    const rows = new Map<string, readonly JsonObject[]>();
    for (const { name, sql, columns } of inputs) {
      const conditions = word === null ? [] : conditionsOf(columns, shown, leaving, word, open.dialect);
      const where = conditions.length === 0 ? "" : ` where ${conditions.join(" or ")}`;
      const found = await session.query(`select * from (\n${sql}\n) as given${where} limit ${atMost}`);
      rows.set(name, rowsOf(found));
    }
    return rows;
  };
  yield sample(null, "and");
  for (const name of common) yield sample(name, "and");
  yield sample(null, "or");
  yield sample(null, null);
}

/** What is measured or computed tells no row from another; lists and maps are not compared. */
const MEASURED = /double|float|real|decimal|numeric|\[|struct|map|json|list|blob|bytea/i;

const commonOf = (columns: readonly ResultColumn[], shown: ResultTable): string[] =>
  columns
    .filter(
      ({ name, type }) =>
        !MEASURED.test(type) && shown.columns.some((other) => other.name === name && other.type === type),
    )
    .map(({ name }) => name);

function conditionsOf(
  columns: readonly ResultColumn[],
  shown: ResultTable,
  leaving: string | null,
  word: "and" | "or",
  dialect: Dialect,
): string[] {
  const names = commonOf(columns, shown).filter((name) => name !== leaving);
  if (names.length === 0) return [];
  const conditions = shown.rows.map((row) => {
    const parts = names.map((name) => {
      const at = shown.columns.findIndex((column) => column.name === name);
      const cell = row[at];
      const quoted = dialect.quoteIdentifier(name);
      if (cell === null || cell === undefined) return `${quoted} is null`;
      const text = typeof cell === "string" ? cell : JSON.stringify(cell);
      return `${quoted} = cast(${dialect.literal(text)} as ${shown.columns[at]!.type})`;
    });
    return `(${parts.join(` ${word} `)})`;
  });
  return [...new Set(conditions)];
}
