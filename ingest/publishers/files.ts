import type { Answered, Verdict } from "../http/types.ts";
import { judgeStatus } from "../http/judge-status.ts";
import type { Publisher } from "./publisher.ts";
import type { PublisherSettings } from "./registry.ts";
import { describeDocument } from "./describe-document.ts";

/** Any JSON-stat document at an address. Whether it changed is told by its ETag or Last-Modified, or else by fetching it. */
export function files({ name, limits, timeZone }: PublisherSettings): Publisher {
  const address = (wanted: { readonly url?: string | undefined; readonly code: string }): string =>
    wanted.url ?? wanted.code;
  return {
    name,
    type: "files",
    home: null,
    timeZone,
    hasCatalog: false,
    bases: [],
    limits: async () => limits ?? { concurrency: 2, calls: 0, seconds: 1 },
    datasetName: (code) => code.toLowerCase(),
    async *catalog() {},
    changes: null,
    async describe(http, wanted) {
      const { bytes } = await http.read({ url: address(wanted) }, { judge: judgeDocument });
      return describeDocument(bytes, wanted.code, address(wanted));
    },
    // A conditional request says it at no more cost.
    probe: async () => ({ updated: null, etag: null, lastModified: null }),
    check(wanted) {
      const problems: string[] = [];
      if (!URL.canParse(address(wanted)) || !/^https?:/i.test(address(wanted)))
        problems.push(`"${address(wanted)}" is no address: say url: https://… of the dataset`);
      const { filters, since, until, last } = wanted;
      if (Object.keys(filters).length > 0 || [since, until, last].some((one) => one !== undefined))
        problems.push("a document comes whole: filters, since, until and last are not for files");
      return problems;
    },
    request: (wanted) => ({ url: address(wanted) }),
    parts: async () => [{}],
    judge: judgeDocument,
  };
}

/** A page where a document was is an outage. */
export function judgeDocument(answered: Answered): Verdict {
  const verdict = judgeStatus(answered);
  if (verdict.kind !== "data") return verdict;
  const text = answered.head.trimStart();
  if (text === "") return { kind: "retry", code: "EMPTY", message: "the answer is empty" };
  if (text.startsWith("<")) {
    const title = /<title[^>]*>([^<]{1,200})/i.exec(text)?.[1]?.trim();
    return {
      kind: "retry",
      code: "OUTAGE",
      message: `a web page instead of data${title ? `: "${title}"` : ""}`,
    };
  }
  return verdict;
}
