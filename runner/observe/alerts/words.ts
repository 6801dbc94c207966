import { plural, printable, printableLines } from "../../base/text.ts";
import type { Alert, Message } from "./judgement.ts";

const MOST = 20;
const TITLE = 200;
const DETAILS = 600;

/** A message in plain text, cut to what a person reads; no control characters. Channels turn it into their own form. */
export type Words = {
  /** `health: 2 alerts, 1 well again (models, target dev)` */
  readonly headline: string;
  readonly items: readonly { readonly mark: string; readonly title: string; readonly details: string }[];
  /** `and 12 more`, or empty. */
  readonly more: string;
};

export function wordsOf({ project, origin, wrong, well }: Message): Words {
  const counts = [
    wrong.length > 0 ? plural(wrong.length, "alert") : "",
    well.length > 0 ? `${well.length} well again` : "",
  ];
  const items = [
    ...wrong.map((alert) => item(alert.severity === "error" ? "ERROR" : "WARN", alert, alert.details)),
    ...well.map((alert) => item("OK", alert, `well again; it was so since ${alert.since}`)),
  ];
  return {
    headline: clip(`${project}: ${counts.filter((count) => count !== "").join(", ")} (${origin})`, TITLE),
    items: items.slice(0, MOST),
    more: items.length > MOST ? `and ${items.length - MOST} more` : "",
  };
}

const item = (mark: string, { title }: Alert, details: string): Words["items"][number] => ({
  mark,
  title: clip(title, TITLE),
  details: printableLines(details.length > DETAILS ? `${details.slice(0, DETAILS - 1)}…` : details),
});

/** All of it as lines. */
export const linesOf = ({ headline, items, more }: Words): string =>
  [
    headline,
    ...items.map(({ mark, title, details }) =>
      [`${mark} ${title}`, ...(details === "" ? [] : details.split("\n").map((line) => `    ${line}`))].join(
        "\n",
      ),
    ),
    ...(more === "" ? [] : [more]),
  ].join("\n\n");

const clip = (text: string, length: number): string => {
  const line = printable(text.replaceAll(/\s+/g, " "));
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
};
