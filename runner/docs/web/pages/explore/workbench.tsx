import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ExploreData } from "../../../data/explore-types.ts";
import { Chips } from "../../kit/chips.tsx";
import { formatCount, plural } from "../../kit/format.ts";
import { setQuery } from "../../kit/route.ts";
import { Empty } from "../../kit/state.tsx";
import { ChartView } from "./chart/chart-view.tsx";
import { csvOf, download, parquetOf } from "./downloads.ts";
import { MOST_ROWS, startEngine } from "./engine.ts";
import type { Engine } from "./engine.ts";
import { firstQuery } from "./first-query.ts";
import { LeftOut } from "./left-out.tsx";
import { ResultTable } from "./result-table.tsx";
import type { Result } from "./result.ts";
import { SqlBox } from "./sql-box.tsx";
import { TableList } from "./table-list.tsx";

let engine: Promise<Engine> | null = null;

export function Workbench({ data, query }: { data: ExploreData; query: URLSearchParams }): VNode {
  const [sql, setSql] = useState(() => query.get("sql") ?? firstQuery(data.tables));
  const [stage, setStage] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [result, setResult] = useState<Result | null>(null);
  const [view, setView] = useState<"table" | "chart">(query.has("chart") ? "chart" : "table");
  const turn = useRef(0);

  const run = async (text: string): Promise<void> => {
    const mine = ++turn.current;
    setError(null);
    setStage("Starting DuckDB");
    setQuery({ sql: text });
    try {
      engine ??= startEngine(data.tables);
      engine.catch(() => void (engine = null));
      const found = await (await engine).query(text, (next) => mine === turn.current && setStage(next));
      if (mine !== turn.current) return;
      setResult(found);
    } catch (problem) {
      if (mine !== turn.current) return;
      setError(wordsOf(problem));
      setResult(null);
    } finally {
      if (mine === turn.current) setStage(null);
    }
  };
  // A link that holds a query shows what it gives; one without shows what could be asked.
  useEffect(() => {
    if (query.has("sql") || data.tables.length > 0) void run(sql);
  }, []);

  if (data.tables.length === 0)
    return (
      <Empty title="No table can be queried here">
        Models in a folder “marts” are, once they are built, or those that{" "}
        <code>docs generate --explore-select</code> names. <LeftOut data={data} />
      </Empty>
    );
  return (
    <div class="explore-grid">
      <TableList
        data={data}
        onPick={(table) => {
          const text = firstQuery([table]);
          setSql(text);
          void run(text);
        }}
      />
      <div class="stack">
        <section class="card stack" aria-label="Query">
          <SqlBox sql={sql} onChange={setSql} onRun={() => void run(sql)} />
          <div class="explore-actions">
            {stage === null ? (
              <button type="button" class="button explore-run" onClick={() => void run(sql)}>
                Run <kbd>Ctrl ↵</kbd>
              </button>
            ) : (
              <button type="button" class="button" onClick={() => void engine?.then((each) => each.stop())}>
                Stop
              </button>
            )}
            <p class="quiet small" role="status">
              {stage === null ? (result === null ? "" : summary(result)) : `${stage}…`}
            </p>
            <CopyLink />
          </div>
          {error === null ? null : (
            <pre class="explore-error" role="alert" tabIndex={0}>
              {error}
            </pre>
          )}
        </section>
        {result === null ? null : (
          <section class="card stack" aria-label="Result">
            <div class="explore-actions">
              <Chips
                label="Shown as"
                all={["table", "chart"] as const}
                chosen={view}
                text={(each) => (each === "table" ? "Table" : "Chart")}
                onChoose={(each) => {
                  setView(each);
                  if (each === "table") setQuery({ chart: null, x: null, y: null, by: null });
                }}
              />
              <span class="explore-downloads">
                <button
                  type="button"
                  class="button"
                  onClick={() => download("result.csv", csvOf(result), "text/csv;charset=utf-8")}
                >
                  CSV
                </button>
                <button
                  type="button"
                  class="button"
                  onClick={() =>
                    download("result.parquet", parquetOf(result), "application/vnd.apache.parquet")
                  }
                >
                  Parquet
                </button>
              </span>
            </div>
            {view === "table" ? <ResultTable result={result} /> : <ChartView result={result} query={query} />}
          </section>
        )}
      </div>
    </div>
  );
}

/** Some come as JSON. */
function wordsOf(problem: unknown): string {
  const message = problem instanceof Error ? problem.message : String(problem);
  try {
    const { exception_message: words } = JSON.parse(message) as { readonly exception_message?: unknown };
    return typeof words === "string" ? words : message;
  } catch {
    return message;
  }
}

function summary({ rows, isCut, milliseconds }: Result): string {
  const time = `${Math.round(milliseconds)} ms`;
  return isCut
    ? `the first ${formatCount(MOST_ROWS)} rows · ${time}`
    : `${plural(rows.length, "row")} · ${time}`;
}

function CopyLink(): VNode {
  const [isCopied, setCopied] = useState(false);
  return (
    <button
      type="button"
      class="button explore-copy"
      onClick={() => void navigator.clipboard.writeText(location.href).then(() => setCopied(true))}
    >
      {isCopied ? "Link copied" : "Copy link"}
    </button>
  );
}
