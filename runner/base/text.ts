/** `1 row`, `2 rows`, `1,234 rows`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

/** Seconds as a person reads them: `0.04s`, `12.3s`, `2m 05s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(2)}s`;
  if (seconds < 60) return `${seconds.toFixed(1)}s`;
  const minutes = Math.floor(seconds / 60);
  return `${minutes}m ${String(Math.floor(seconds % 60)).padStart(2, "0")}s`;
}

/** A table for a terminal: columns padded, numbers to the right, cells on one line each. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly unknown[])[],
  maxWidth = 60,
): string {
  const clip = (text: string): string => (text.length > maxWidth ? `${text.slice(0, maxWidth - 1)}…` : text);
  const cells = rows.map((row) => row.map((cell) => clip(oneLine(cell))));
  const numeric = header.map(
    (_, i) => rows.length > 0 && rows.every((row) => row[i] === null || typeof row[i] === "number"),
  );
  // No spread: a table may hold more rows than a call takes arguments.
  const widths = header.map((name, i) =>
    cells.reduce((widest, row) => Math.max(widest, row[i]?.length ?? 0), name.length),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (numeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  return [line(header), widths.map((width) => "─".repeat(width)).join("  "), ...cells.map(line)].join("\n");
}

function oneLine(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  const text = typeof cell === "string" ? cell : JSON.stringify(cell);
  return printable(text.replaceAll("\n", "⏎"));
}

/** The same, where line ends are meant. */
export const printableLines = (text: string): string => text.split("\n").map(printable).join("\n");

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** Whether no control characters are in a text. */
export const isPrintable = (text: string): boolean => !CONTROL.test(text);

/** Text from outside without control characters: nothing a document holds may move the cursor. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is being removed
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, "�");
}

/** Any text as an SQL comment may hold it: on one line, and ending nothing. */
export const commentText = (text: string): string =>
  text.replaceAll("\0", "").replaceAll(/\s+/g, " ").replaceAll("*/", "* /").replaceAll("/*", "/ *").trim();

/** A text without the white space at its ends; itself where there is none. Of what is not ASCII, nothing counts as white space. */
export function trimmedBytes(text: Buffer): Buffer {
  const isBlank = (at: number): boolean => text[at] === 0x20 || (text[at]! >= 0x09 && text[at]! <= 0x0d);
  let [start, end] = [0, text.length];
  while (start < end && isBlank(start)) start++;
  while (end > start && isBlank(end - 1)) end--;
  return end - start === text.length ? text : text.subarray(start, end);
}
