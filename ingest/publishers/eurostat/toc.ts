import { Readable } from "node:stream";
import { parse } from "csv-parse";
import { OperationError, messageOf } from "../../../runner/base/errors.ts";
import { HttpError } from "../../http/http-error.ts";
import type { Answered, Http, Verdict } from "../../http/types.ts";
import { judgeStatus } from "../../http/judge-status.ts";
import type { CatalogEntry, Theme } from "../publisher.ts";
import type { Addresses } from "./addresses.ts";
import { gatherEntries } from "./gather-entries.ts";
import type { Leaf } from "./gather-entries.ts";
import { readTocXml } from "./toc-xml.ts";

/** The table of contents: the tabular form, or the XML one, which is ten times as large, where that cannot be read. It has come whole before the first entry counts. */
export async function* readToc(http: Http, addresses: Addresses): AsyncGenerator<CatalogEntry> {
  let entries: readonly CatalogEntry[];
  try {
    const { bytes } = await http.read({ url: addresses.toc }, { judge: judgeCatalog });
    entries = await gatherEntries(readTocText(bytes));
  } catch (error) {
    if (!(error instanceof HttpError) && !(error instanceof OperationError)) throw error;
    if (error instanceof HttpError && error.retryable) throw error;
    const { bytes } = await http.read({ url: addresses.tocXml }, { judge: judgeCatalog });
    entries = await gatherEntries(readTocXml(bytes, addresses.language));
  }
  yield* entries;
}

/** A page of HTML with status 200 is an outage here too. */
function judgeCatalog(answered: Answered): Verdict {
  const verdict = judgeStatus(answered);
  return verdict.kind === "data" && /^\s*<(?:!doctype\s+html|html)/i.test(answered.head)
    ? { kind: "retry", code: "OUTAGE", message: "a web page instead of the catalogue" }
    : verdict;
}

/**
 * `"title"⇥"code"⇥"type"⇥"last update"⇥"last structure change"⇥"start"⇥"end"⇥values`: titles are indented by four blanks a level, days are
 * `DD.MM.YYYY`, what is not there is a blank. The header's words differ by language, the order does not.
 */
export async function* readTocText(bytes: Uint8Array): AsyncGenerator<Leaf> {
  // One that was cut short would be a catalogue of what comes first in it.
  if (bytes.at(-1) !== 0x0a) throw cutShort();
  const rows = Readable.from([bytes]).pipe(
    parse({
      delimiter: "\t",
      bom: true,
      relaxColumnCount: true,
      relaxQuotes: true,
      skipEmptyLines: true,
      fromLine: 2,
    }),
  );
  const branch: Theme[] = [];
  try {
    for await (const row of rows as AsyncIterable<string[]>) {
      const [title = "", code = "", type = "", updated, structure, start, end, values] = row;
      const depth = Math.floor((title.length - title.trimStart().length) / 4);
      const entry = { code: code.trim(), title: title.trim() };
      if (entry.code === "") continue;
      if (type.trim() !== "folder" && row.length < 8) throw cutShort();
      branch.length = Math.min(branch.length, depth);
      if (type.trim() === "folder") branch.push(entry);
      else
        yield {
          ...entry,
          type: type.trim(),
          path: [...branch],
          updated: updated ?? "",
          structureUpdated: structure ?? "",
          start: start ?? "",
          end: end ?? "",
          values: values ?? "",
        };
    }
  } catch (error) {
    if (error instanceof OperationError) throw error;
    throw new OperationError("CATALOG_INVALID", `the catalogue cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

const cutShort = (): OperationError =>
  new OperationError("CATALOG_INVALID", "the catalogue ends in the middle", { retryable: true });
