import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Chips } from "../../../kit/chips.tsx";
import { setQuery } from "../../../kit/route.ts";
import { Empty } from "../../../kit/state.tsx";
import type { Result } from "../result.ts";
import { BarPlot } from "./bar-plot.tsx";
import { LinePlot, spansOf } from "./line-plot.tsx";
import { chartKinds, chooseChart, seriesOf } from "./series.ts";
import type { ChartChoice, ChartKind, Drawn } from "./series.ts";

const MOST: Readonly<Record<ChartKind, number>> = { line: 8, bar: 30, multiples: 24 };
const kindNames: Readonly<Record<ChartKind, string>> = {
  line: "Lines",
  bar: "Bars",
  multiples: "Small multiples",
};

/** A chart of a result; what is on which axis is in the address. */
export function ChartView({ result, query }: { result: Result; query: URLSearchParams }): VNode {
  const choice = chooseChart(result, query);
  const key = JSON.stringify(choice);
  const drawn = useMemo(
    () => (choice === null ? null : seriesOf(result, choiceOfBars(choice), MOST[choice.kind])),
    [result, key],
  );
  useEffect(() => {
    if (choice !== null) setQuery({ chart: choice.kind, x: choice.x, y: choice.y, by: choice.by });
  }, [key]);
  if (choice === null || drawn === null || drawn.series.length === 0)
    return (
      <Empty title="Nothing to draw">A chart needs a column of numbers, and one to place them by.</Empty>
    );
  const names = result.columns.map(({ name }) => name);
  const numbers = result.columns.filter(({ kind }) => kind === "number").map(({ name }) => name);
  return (
    <>
      <div class="filters">
        <Chips
          label="Kind of chart"
          all={chartKinds}
          chosen={choice.kind}
          text={(kind) => kindNames[kind]}
          onChoose={(kind) => setQuery({ chart: kind })}
        />
        <Axis
          label={choice.kind === "bar" ? "Last by" : "Across"}
          value={choice.x}
          options={names}
          param="x"
        />
        <Axis label="Value" value={choice.y} options={numbers} param="y" />
        <Axis
          label={choice.kind === "bar" ? "A bar for each" : "A line for each"}
          value={choice.by}
          options={names}
          param="by"
          none
        />
      </div>
      <Figure choice={choice} drawn={drawn} />
      <p class="quiet small">{notes(choice, drawn)}</p>
    </>
  );
}

/** Bars of one series are bars of what would be across. */
const choiceOfBars = (choice: ChartChoice): ChartChoice =>
  choice.kind === "bar" && choice.by === "" ? { ...choice, by: choice.x } : choice;

function Figure({ choice, drawn }: { choice: ChartChoice; drawn: Drawn }): VNode {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const sizes = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    sizes.observe(frame.current!);
    return () => sizes.disconnect();
  }, []);
  const { series } = drawn;
  const spans = spansOf(series);
  const label = `${choice.y} by ${choice.x}${choice.by === "" ? "" : `, ${choice.by}: ${series.map(({ name }) => name).join(", ")}`}`;
  const columns = Math.max(1, Math.min(series.length, Math.floor(width / 230)));
  return (
    <div class="chart" ref={frame}>
      {width === 0 ? null : choice.kind === "bar" ? (
        <BarPlot series={series} width={width} label={label} />
      ) : choice.kind === "line" ? (
        <>
          <LinePlot {...spans} series={series} width={width} height={width < 500 ? 280 : 380} label={label} />
          <Legend names={series.map(({ name }) => name)} />
        </>
      ) : (
        <div class="multiples">
          {series.map((each) => (
            <figure key={each.name}>
              <figcaption title={each.name}>{each.name}</figcaption>
              <LinePlot
                {...spans}
                series={[each]}
                width={Math.floor((width - (columns - 1) * 14) / columns)}
                height={130}
                label={`${label}, ${each.name}`}
                isSmall
              />
            </figure>
          ))}
        </div>
      )}
    </div>
  );
}

const Legend = ({ names }: { names: readonly string[] }): VNode | null =>
  names.length < 2 ? null : (
    <ul class="chart-legend" aria-label="Lines">
      {names.map((name, i) => (
        <li key={name} class={`series-${i % 8}`}>
          <i class="plot-key" aria-hidden="true" />
          {name}
        </li>
      ))}
    </ul>
  );

function Axis({
  label,
  value,
  options,
  param,
  none = false,
}: {
  label: string;
  value: string;
  options: readonly string[];
  param: "x" | "y" | "by";
  none?: boolean;
}): VNode {
  return (
    <label class="axis small">
      <span class="quiet">{label}</span>
      <select
        class="field"
        value={value}
        onChange={(event) => setQuery({ [param]: event.currentTarget.value })}
      >
        {none ? <option value="">all in one</option> : null}
        {options.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function notes({ kind, y }: ChartChoice, { series, total, isMean }: Drawn): string {
  const parts = [
    total > series.length ? `${series.length} of ${total} are drawn, those with the largest last value` : "",
    isMean ? `several rows for one point: the mean of ${y} is drawn` : "",
    kind === "bar" && series.some(({ points }) => points.length > 1) ? "each bar is the last value" : "",
  ];
  return parts.filter((part) => part !== "").join("; ");
}
