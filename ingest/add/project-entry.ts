import { isMap, isScalar, isSeq, parse, parseDocument } from "yaml";
import type { Document, YAMLMap, YAMLSeq } from "yaml";
import { isDeepStrictEqual } from "node:util";
import { OperationError } from "../../runner/base/errors.ts";

/** What an entry of `ingest.datasets` says, in order. */
export type DatasetEntry = Readonly<Record<string, string>>;

/**
 * The project file with one more dataset, everything else as it was written: the entry is put between the characters that are there. What comes
 * of it is read again, and refused if it says anything else than before and the entry.
 */
export function withDataset(text: string, entry: DatasetEntry): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const document = parseDocument(text);
  const added = splice(text, document, entry, eol);
  const before = (parse(text) ?? {}) as { ingest?: { datasets?: unknown[] } };
  const wanted = {
    ...before,
    ingest: { ...before.ingest, datasets: [...(before.ingest?.datasets ?? []), entry] },
  };
  let after: unknown;
  try {
    after = parse(added);
  } catch {
    after = undefined;
  }
  if (isDeepStrictEqual(after, wanted)) return added;
  throw new OperationError(
    "PROJECT_FILE_UNUSUAL",
    "the dataset cannot be added to sql_project.yaml as it is written",
    {
      hint: `add it by hand under ingest.datasets: ${flow(entry)}`,
    },
  );
}

function splice(text: string, document: Document.Parsed, entry: DatasetEntry, eol: string): string {
  const item = flow(entry);
  const ingest = document.get("ingest", true);
  const datasets = isMap(ingest) ? ingest.get("datasets", true) : undefined;
  const insert = (at: number, words: string): string => {
    const isAfterLine = at === 0 || text[at - 1] === "\n";
    return text.slice(0, at) + (isAfterLine ? "" : eol) + words + text.slice(at);
  };
  if (isSeq(datasets)) {
    if (datasets.flow) return insertFlow(text, datasets, item);
    const dash = text.lastIndexOf("-", startOf(datasets.items[0]!) - 1);
    const indent = text.slice(text.lastIndexOf("\n", dash) + 1, dash);
    return insert(endOfLines(text, datasets), `${indent}- ${item}${eol}`);
  }
  if (isMap(ingest) && !ingest.flow && ingest.items.length > 0) {
    const first = startOf((ingest as YAMLMap).items[0]!.key);
    const indent = text.slice(text.lastIndexOf("\n", first - 1) + 1, first);
    const empty = ingest.items.find(({ key }) => isScalar(key) && key.value === "datasets");
    if (empty !== undefined) {
      // `datasets:` with nothing behind it
      const at = text.indexOf("\n", startOf(empty.key)) + 1 || text.length;
      return insert(at, `${indent}  - ${item}${eol}`);
    }
    return insert(endOfLines(text, ingest), `${indent}datasets:${eol}${indent}  - ${item}${eol}`);
  }
  if (isMap(ingest)) return text; // in braces: told as unusual
  return insert(
    text.length,
    `${text.trim() === "" ? "" : eol}ingest:${eol}  datasets:${eol}    - ${item}${eol}`,
  );
}

function insertFlow(text: string, datasets: YAMLSeq, item: string): string {
  const close = text.lastIndexOf("]", datasets.range![1] - 1);
  const last = datasets.items.at(-1) as { range?: [number, number, number] } | undefined;
  if (last?.range === undefined) return `${text.slice(0, close)}${item}${text.slice(close)}`;
  return `${text.slice(0, last.range[1])}, ${item}${text.slice(last.range[1])}`;
}

const startOf = (node: unknown): number => (node as { range: [number, number, number] }).range[0];

/** Where the line after a block begins; comments below it, at its own depth, stay with what follows. */
function endOfLines(text: string, node: { readonly range?: [number, number, number] | null }): number {
  const end = node.range![1];
  const trimmed = text.slice(0, end).trimEnd().length;
  const line = text.indexOf("\n", trimmed);
  return line === -1 ? text.length : line + 1;
}

/** `{publisher: eurostat, code: hlth_silc_13}`; what YAML would read as anything but this text is quoted. */
const flow = (entry: DatasetEntry): string =>
  `{${Object.entries(entry)
    .map(([key, value]) => `${key}: ${isPlain(value) ? value : JSON.stringify(value)}`)
    .join(", ")}}`;

const isPlain = (value: string): boolean =>
  /^[A-Za-z_][\w.-]*$/.test(value) && parse(value) === value && !/^(?:y|n|yes|no|on|off)$/i.test(value);
