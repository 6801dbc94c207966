import { readAt, refuseAt } from "./source-file.ts";
import type { SourceFile } from "./source-file.ts";

/** Refuses what is no JSON at first sight, in words that help; returns the offset where the JSON starts. */
export function sniff(file: SourceFile): number {
  const head = Buffer.alloc(1 << 16);
  const length = readAt(file, head, 0);
  const start = head.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0;
  const refuse = (code: string, message: string, hint?: string): never =>
    refuseAt(file, start, code, message, hint);

  if (head[0] === 0x1f && head[1] === 0x8b) refuse("GZIP", "gzip, not JSON", "unpack it first");
  if (head[0] === 0x50 && head[1] === 0x4b) refuse("ZIP", "a ZIP archive, not JSON", "unpack it first");
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
    refuse("NOT_UTF8", "UTF-16 text, and JSON is UTF-8", "convert the document to UTF-8 first");
  }
  const text = head.toString("utf8", start, length).trimStart();
  if (text === "" && length < head.length) {
    refuse("EMPTY", "the document is empty", "fetch it again: the publisher sent nothing");
  }
  if (text.startsWith("<")) refuseMarkup(text, refuse);
  return start;
}

function refuseMarkup(text: string, refuse: (code: string, message: string, hint?: string) => never): never {
  if (/<(?:!doctype\s+html|html|head|body)\b/i.test(text)) {
    const title = /<title[^>]*>([^<]{1,200})/i.exec(text)?.[1]?.trim().replaceAll(/\s+/g, " ");
    return refuse(
      "HTML",
      `an HTML page instead of JSON${title ? `: "${title}"` : ""}`,
      "publishers send one during maintenance or when an address is wrong: open the address in a browser",
    );
  }
  const fault = /<(?:\w+:)?(?:faultstring|text)\b[^>]*>([^<]{1,500})/i.exec(text)?.[1]?.trim();
  return refuse("XML", `XML instead of JSON${fault ? `: ${fault}` : ""}`, "ask the publisher for JSON-stat");
}
