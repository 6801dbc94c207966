import { parquetWriteBuffer } from "hyparquet-writer";
import type { Result, Value } from "./result.ts";

/** RFC 4180; a text that a spreadsheet would take for a formula begins with an apostrophe. */
export function csvOf({ columns, rows }: Result): string {
  const cell = (value: Value): string => {
    if (value === null) return "";
    const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return (
    [columns.map(({ name }) => name), ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n"
  );
}

export function parquetOf({ columns, rows }: Result): ArrayBuffer {
  return parquetWriteBuffer({
    columnData: columns.map(({ name, kind }, place) => {
      const values = rows.map((row) => row[place] ?? null);
      const isNumber =
        kind === "number" && values.every((value) => value === null || typeof value === "number");
      if (isNumber) return { name, data: values, type: "DOUBLE" as const, nullable: true };
      if (kind === "flag") return { name, data: values, type: "BOOLEAN" as const, nullable: true };
      return {
        name,
        data: values.map((value) => (value === null ? null : String(value))),
        type: "STRING" as const,
        nullable: true,
      };
    }),
  });
}

/** Hands a file to whoever looks at the page. */
export function download(name: string, content: string | ArrayBuffer, type: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
