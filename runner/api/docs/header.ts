import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { Fact } from "../../docs/data/types.ts";

/** The part of a landed document's header that people ask about; documents differ, and what is of another shape is not there. */
const notes = z.union([z.array(z.string()), z.string().transform((note) => [note])]).catch([]);
const links = z
  .array(z.object({ href: z.string(), label: z.string().optional(), type: z.string().optional() }))
  .catch([]);
const headerSchema = z.object({
  source: z.string().nullable().catch(null),
  note: notes,
  link: z.object({ related: links, describedby: links }).partial().catch({}),
  extension: z
    .object({
      annotation: z
        .array(
          z.object({
            type: z.string().catch(""),
            title: z.string().optional().catch(undefined),
            href: z.string().optional().catch(undefined),
          }),
        )
        .catch([]),
      status: z.object({ label: z.record(z.string(), z.string()).catch({}) }).catch({ label: {} }),
    })
    .partial()
    .catch({}),
});
export type Header = {
  readonly source: string | null;
  readonly notes: readonly string[];
  readonly pages: readonly Fact[];
  /** What the publisher says of its flags. */
  readonly flags: Readonly<Record<string, string>>;
};

/** Notes and links that are shown. */
const FEW = 6;

export function readHeader(vintageFolder: string, publisher: string, code: string): Header {
  let parsed;
  try {
    parsed = headerSchema.parse(JSON.parse(readFileSync(join(vintageFolder, "header.json"), "utf8")));
  } catch {
    parsed = headerSchema.parse({});
  }
  const { source, note, link, extension } = parsed;
  const annotated = (extension.annotation ?? []).filter(
    ({ type, href }) => href !== undefined && type === "ESMS_HTML",
  );
  const pages = [
    ...pageOf(publisher, code),
    ...[...(link.related ?? []), ...(link.describedby ?? [])].filter(
      ({ type }) => type === undefined || type === "text/html",
    ),
    ...annotated.map(({ href, title }) => ({ href: href!, label: title ?? "Metadata" })),
  ];
  return {
    source,
    notes: note.slice(0, FEW),
    pages: pages
      .filter(({ href }) => /^https?:\/\//i.test(href))
      .slice(0, FEW)
      .map(({ href, label }) => ({ label: "Page", text: label ?? href, href })),
    flags: extension.status?.label ?? {},
  };
}

/** Where Eurostat shows a dataset; of others the document itself says. */
function pageOf(publisher: string, code: string): { href: string; label: string; type?: string }[] {
  if (publisher.toLowerCase() !== "eurostat") return [];
  const name = encodeURIComponent(code.toLowerCase());
  return [
    {
      href: `https://ec.europa.eu/eurostat/databrowser/view/${name}/default/table`,
      label: "Data Browser of Eurostat",
    },
  ];
}
