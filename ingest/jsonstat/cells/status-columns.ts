import { NULL_CODE } from "../../landing/batch-source.ts";

/** One of the two columns a status gives: its codes, and the code of each status number (0 is none). */
export type StatusColumn = { readonly codes: readonly string[]; readonly codeOf: Uint32Array };

/**
 * Eurostat folds confidentiality into the status, behind a bar: `p|C` is provisional and confidential, `|C` only
 * confidential. `texts[n - 1]` is the text of status number n.
 */
export function splitStatuses(texts: readonly string[]): {
  readonly status: StatusColumn;
  readonly confidentiality: StatusColumn;
} {
  const parts = texts.map((text) => {
    const bar = text.indexOf("|");
    return bar === -1 ? [text, ""] : [text.slice(0, bar), text.slice(bar + 1)];
  });
  return {
    status: column(parts.map(([left]) => left!)),
    confidentiality: column(parts.map(([, right]) => right!)),
  };
}

/** Codes in order of their characters, so that the same statuses give the same list whichever came first. */
function column(texts: readonly string[]): StatusColumn {
  const codes = [...new Set(texts)].filter((text) => text !== "").toSorted();
  const index = new Map(codes.map((code, i) => [code, i]));
  return {
    codes,
    codeOf: Uint32Array.from([NULL_CODE, ...texts.map((text) => index.get(text) ?? NULL_CODE)]),
  };
}
