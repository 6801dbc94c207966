import { StatloomError } from "../../runner/base/errors.ts";
import { printable } from "../../runner/base/text.ts";

/** One reason why a document is refused. Line and column count from 1; null where no place can be named. */
export type DocumentProblem = {
  /** Stable, upper case: `TRUNCATED`, `SIZE_MISMATCH`. */
  readonly code: string;
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly hint?: string;
};

/** A document that cannot be trusted, with every reason at once. */
export class DocumentError extends StatloomError {
  override readonly name = "DocumentError";
  override readonly exitCode = 1;
  override readonly code = "DOCUMENT_REFUSED";
  readonly file: string;
  readonly problems: readonly DocumentProblem[];
  constructor(file: string, problems: readonly DocumentProblem[]) {
    super(problems.map((problem) => formatLine(file, problem)).join("\n"));
    this.file = file;
    this.problems = problems;
  }
}

/** `data/x.json:3:14 TRUNCATED …`, and without the numbers where they are not known. */
function formatLine(file: string, { code, message, line, column, hint }: DocumentProblem): string {
  const place = line === null || column === null ? "" : `:${line}:${column}`;
  return `${printable(file)}${place} ${code} ${printable(message)}${hint ? `\n    ${printable(hint)}` : ""}`;
}
