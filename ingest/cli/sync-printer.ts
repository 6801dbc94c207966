import { OperationError } from "../../runner/base/errors.ts";
import { formatSeconds, plural, printable, printableLines } from "../../runner/base/text.ts";
import type { SyncEvent } from "../sync/events.ts";
import type { IngestEffects } from "./effects.ts";
import type { OutputOptions, Reporter } from "./reporter.ts";

/** Tells what happens while datasets are brought up to date: a bar at a terminal, and a line for each thing that is worth one. */
export type SyncPrinter = {
  /** How many datasets there are to be done. */
  expect(datasets: number): void;
  show(event: SyncEvent): void;
  clear(): void;
};

export function createSyncPrinter(
  effects: IngestEffects,
  reporter: Reporter,
  options: OutputOptions,
): SyncPrinter {
  const bar = createBar(effects, options);
  return {
    expect: (datasets) => bar.expect(datasets),
    clear: () => bar.clear(),
    show(event) {
      bar.follow(event);
      if (event.kind === "progress") return;
      bar.clear();
      tell(event, reporter);
    },
  };
}

function tell(event: Exclude<SyncEvent, { kind: "progress" }>, reporter: Reporter): void {
  const { paint } = reporter;
  const name = `${event.publisher}/${event.dataset}`;
  const say = (text: string): void => reporter.event(event.kind, text, { ...event } as never);
  switch (event.kind) {
    case "started":
      return;
    case "retry":
      return say(
        `${paint.yellow("again")}  ${name} in ${formatSeconds(event.waitMs / 1000)}: ${event.code} ${printableLines(event.message)}`,
      );
    case "resumed":
      return say(`${paint.dim("on")}     ${name} from byte ${event.from.toLocaleString("en-US")}`);
    case "split":
      return say(`${paint.dim("split")}  ${name}: ${printable(event.message)}`);
    case "warning":
      return reporter.warn(`${name}: ${event.code} ${printable(event.message)}`, { code: event.code });
    case "staged":
      return say(
        `${paint.green("staged")} ${event.table}: ${plural(event.inserted, "row")} new, ${event.updated} revised, ${event.deleted} deleted`,
      );
    case "landed":
      say(
        `${paint.green("landed")} ${paint.bold(name)} ${event.vintage}: ${plural(event.rows, "row")} in ${formatSeconds(event.seconds)}`,
      );
      for (const { message, kind } of event.drift)
        reporter.warn(`${name} ${event.vintage}: ${printable(message)}`, { kind });
      return;
    case "unchanged":
      return say(`${paint.dim("same")}   ${name}`);
    case "skipped":
      return say(`${paint.dim("skip")}   ${name}: ${event.message}`);
    case "held":
      return reporter.error(
        new OperationError(
          "DRIFT",
          `${event.vintage} changed too much and is kept aside, the edition before stays current:\n${event.drift.map(({ action, message }) => `    ${action}: ${message}`).join("\n")}`,
          {
            hint: `if it is meant: ingest accept ${name} ${event.vintage}`,
          },
        ),
        name,
      );
    case "failed":
      return reporter.error(
        new OperationError(event.code, event.message, event.hint === null ? {} : { hint: event.hint }),
        name,
      );
  }
}

type Bar = { expect(datasets: number): void; follow(event: SyncEvent): void; clear(): void };

/** One line at a terminal for all that is going on: datasets, bytes, rows. */
function createBar(effects: IngestEffects, { quiet }: OutputOptions): Bar {
  const { stderr } = effects;
  if (!stderr.isTerminal || quiet)
    return { expect: () => undefined, follow: () => undefined, clear: () => undefined };
  const going = new Map<string, { bytes: number; total: number | null; rows: number }>();
  let shown = false;
  let next = 0;
  let ended = 0;
  let expected = 0;
  return {
    expect(datasets) {
      expected += datasets;
    },
    follow(event) {
      const name = event.dataset;
      if (event.kind === "started") going.set(name, { bytes: 0, total: null, rows: 0 });
      const one = going.get(name);
      if (event.kind === "progress" && one !== undefined) {
        if (event.rows === 0) [one.bytes, one.total] = [event.bytes, event.total];
        one.rows = event.rows;
      }
      if (["landed", "unchanged", "held", "failed", "skipped"].includes(event.kind)) {
        going.delete(name);
        ended++;
      }
      const now = performance.now();
      if (now < next || going.size === 0) return;
      next = now + 100;
      shown = true;
      const words = [...going].map(([dataset, { bytes, total, rows }]) =>
        rows > 0
          ? `${dataset} ${plural(rows, "row")}`
          : `${dataset} ${megabytes(bytes)}${total === null ? "" : ` of ${megabytes(total)}`}`,
      );
      const line = `${barText(ended, Math.max(expected, ended + going.size))}: ${words.join(" · ")}`;
      stderr.write(`\r\u001b[K${printable(line).slice(0, Math.max(20, stderr.width - 1))}`);
    },
    clear() {
      if (shown) stderr.write("\r\u001b[K");
      shown = false;
    },
  };
}

const megabytes = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

const WIDTH = 20;

/** Of the datasets; what is going on counts for nothing until it has ended. */
function barText(ended: number, expected: number): string {
  const full = expected === 0 ? 0 : Math.round((WIDTH * ended) / expected);
  return `${"█".repeat(full)}${"░".repeat(WIDTH - full)} ${ended} of ${expected}`;
}
