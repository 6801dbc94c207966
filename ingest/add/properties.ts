import { Document } from "yaml";
import { printable } from "../../runner/base/text.ts";
import type { Description } from "../publishers/publisher.ts";
import { labelColumn } from "./staging-model.ts";
import type { AddedColumn, AddedNames } from "./names.ts";

/** Longer lists of codes change with every edition, and say little in a file. */
const MOST_CODES = 200;
/** Days after which an edition of a frequency is old: once and a half its length, and the time to collect it. */
const WARN_DAYS: Readonly<Record<string, number>> = { D: 10, W: 30, M: 75, Q: 160, T: 220, S: 300, A: 450 };
const SELDOM = 450;

/** Which parts are not in the project yet. */
export type Missing = { readonly source: boolean; readonly model: boolean };

/**
 * The property file of a dataset: its source with descriptions, tests from the code lists and the age at which it is old; its staging
 * model with what makes a row one. New codes warn: they are news, and no mistake.
 */
export function propertyFile(
  names: AddedNames,
  description: Description,
  missing: Missing,
  schemaPath: string,
): string {
  const { publisher, dataset, model, columns } = names;
  const keys = [...columns.map(({ column }) => column), "time_period"];
  const title = plain(description.title);
  const page = description.page === null ? "" : ` ${description.page}`;
  const source = {
    name: publisher,
    landing: true,
    loader: "ingest",
    tables: [
      {
        name: dataset,
        description: [`${title}.${page}`, ...description.notes.map(plain)].join(" "),
        freshness: freshness(description.frequencies),
        columns: [
          ...columns.map(sourceColumn),
          { name: "time_period", description: "Period as published.", data_tests: ["not_null"] },
          { name: "period_start", description: "First day of the period." },
          { name: "value", description: "The number, where there is one." },
          { name: "status", description: "Flags as published." },
        ],
      },
    ],
  };
  const staging = {
    name: model,
    description: `${title}: the newest edition, with the labels of its codes.`,
    data_tests: [{ rows_unique: { columns: keys } }],
    columns: [
      ...columns.flatMap((one) => [
        { name: one.column, description: labelOf(one) },
        { name: labelColumn(one.column, columns), description: `${labelOf(one)}: label.` },
      ]),
      { name: "time_period", description: "Period as published.", data_tests: ["not_null"] },
      { name: "value", description: "The number, where there is one." },
    ],
  };
  const document = new Document({
    version: 2,
    ...(missing.source && { sources: [source] }),
    ...(missing.model && { models: [staging] }),
  });
  inFlow(document);
  const head = `# yaml-language-server: $schema=${schemaPath}\n# Written by: ingest add ${publisher} ${dataset}. It is yours to change, and is not written again.\n`;
  return head + document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function sourceColumn(dimension: AddedColumn): object {
  const { column, codes } = dimension;
  const values = codes.map(({ code }) => code);
  const known =
    values.length > 0 && values.length <= MOST_CODES
      ? [{ accepted_values: { values, config: { severity: "warn" } } }]
      : [];
  return { name: column, description: labelOf(dimension), data_tests: ["not_null", ...known] };
}

const labelOf = ({ label, id }: AddedColumn): string => plain(label ?? id);

/** Of the frequency that comes most often. */
function freshness(frequencies: readonly string[]): object {
  const days = Math.min(SELDOM, ...frequencies.map((letter) => WARN_DAYS[letter] ?? SELDOM));
  return { warn_after: { count: days, period: "day" }, error_after: { count: days * 2, period: "day" } };
}

/** A publisher's words in a description, where braces would be a call. */
const plain = (text: string): string =>
  printable(text.replaceAll(/\s+/g, " ").trim()).replaceAll(/\{(?=[{%#])/g, "{ ");

/** Small maps and lists of values on one line, as people write them. */
function inFlow(document: Document): void {
  const flow = (key: string, value: unknown): void => {
    if (["freshness", "config", "values", "columns", "data_tests"].includes(key) && isSmall(value))
      (value as { flow?: boolean }).flow = true;
  };
  const walk = (node: unknown): void => {
    for (const item of itemsOf(node)) {
      if (isPair(item)) {
        flow(String((item.key as { value?: unknown }).value ?? item.key), item.value);
        walk(item.value);
      } else walk(item);
    }
  };
  walk(document.contents);
}

type Pair = { readonly key: unknown; readonly value: unknown };
const itemsOf = (node: unknown): readonly unknown[] =>
  (node as { items?: readonly unknown[] } | null)?.items ?? [];
const isPair = (item: unknown): item is Pair => typeof item === "object" && item !== null && "key" in item;
/** Scalars alone, or maps of scalars and of such maps. */
const isSmall = (node: unknown): boolean =>
  itemsOf(node).every((item) => {
    const inner = isPair(item) ? item.value : item;
    return (
      itemsOf(inner).every((one) => isPair(one) && itemsOf(one.value).length === 0) && !isLongList(inner)
    );
  });
const isLongList = (node: unknown): boolean => itemsOf(node).some((item) => !isPair(item));
