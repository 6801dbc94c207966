import { isAbsolute, normalize } from "node:path";
import * as z from "zod";

const isInside = (path: string): boolean =>
  path === "" || (!isAbsolute(path) && !/^\.{1,2}(?:[\\/]|$)/.test(normalize(path)));

/**
 * `openlineage:` of `sql_project.yaml`: where run events go. What is not said is read from `OPENLINEAGE_URL`, `OPENLINEAGE_API_KEY`,
 * `OPENLINEAGE_ENDPOINT` and `OPENLINEAGE_NAMESPACE`, as OpenLineage's own clients do. An empty `url` is none.
 */
export const openLineageSchema = z.strictObject({
  /** `https://marquez.example.org`; `endpoint` is below it. */
  url: z
    .string()
    .refine(
      (url) => url === "" || /^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ""),
      "must be an address that begins with https:// or http://",
    )
    .optional(),
  endpoint: z.string().min(1).optional(),
  /** Sent as a bearer token. */
  api_key: z.string().optional(),
  /** A file inside the project that gets a line an event. */
  file: z.string().refine(isInside, "must be a path inside the project").optional(),
  /** Of jobs; else `<project>.<target>`. */
  namespace: z.string().min(1).optional(),
  /** false: tables alone, without their columns. */
  columns: z.boolean().default(true),
});

export type OpenLineageConfig = z.infer<typeof openLineageSchema>;
