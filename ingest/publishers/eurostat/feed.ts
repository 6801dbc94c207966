import { OperationError } from "../../../runner/base/errors.ts";
import type { Answered, Http, Verdict } from "../../http/types.ts";
import { judgeStatus } from "../../http/judge-status.ts";
import { instantText } from "../../landing/vintage-id.ts";
import type { Change, ChangeFeed } from "../publisher.ts";
import { child, children, parseXml, textOf } from "../xml.ts";
import { zonedInstant } from "../zoned-time.ts";
import type { Addresses } from "./addresses.ts";

const ZONE = "Europe/Brussels";
/** What the feed covers. */
const DAYS = 7;

/** The feed of updates: RSS 2.0 with times that are neither RFC 822 nor have a zone. */
export async function readFeed(http: Http, addresses: Addresses, now: Date): Promise<ChangeFeed> {
  const { bytes } = await http.read({ url: addresses.feed }, { judge: judgeFeed });
  return readRss(Buffer.from(bytes).toString("utf8"), now);
}

function judgeFeed(answered: Answered): Verdict {
  const verdict = judgeStatus(answered);
  return verdict.kind === "data" && !/<rss\b/i.test(answered.head)
    ? { kind: "retry", code: "OUTAGE", message: "something else instead of the feed of updates" }
    : verdict;
}

/** @throws OperationError FEED_INVALID for what is no feed. */
export function readRss(text: string, now: Date): ChangeFeed {
  const channel = child(parseXml(text), "rss", "channel");
  if (channel === undefined || !/<\/rss>\s*$/.test(text))
    throw new OperationError("FEED_INVALID", "the feed of updates is not whole", { retryable: true });
  const built = zonedInstant(textOf(child(channel, "pubDate")) ?? "", ZONE) ?? instantText(now);
  const unread: string[] = [];
  const changes = children(channel, "item").flatMap((item) => {
    const change = readItem(item, built);
    if (typeof change === "string") unread.push(change);
    return typeof change === "object" && change !== null ? [change] : [];
  });
  const coversFrom = instantText(new Date(Date.parse(built) - DAYS * 86_400_000));
  return { changes, coversFrom, unread };
}

/** The change that an item tells; null where it tells of no dataset, its words where it cannot be read. */
function readItem(item: unknown, built: string): Change | string | null {
  const title = textOf(child(item, "title")) ?? "";
  const category = (textOf(child(item, "category")) ?? "").toUpperCase();
  if (category.endsWith("CODE_LIST")) return null;
  const code = /^([A-Z0-9][A-Z0-9_$-]*)(?:\s|$)/i.exec(title)?.[1]?.toLowerCase();
  if (code === undefined) return `an item without a code: "${title.slice(0, 100)}"`;
  const date = textOf(child(item, "pubDate")) ?? "";
  return {
    guid: textOf(child(item, "guid")) ?? `${code}|${date}|${category}`,
    code,
    kind: KINDS[category] ?? kindOf(title),
    // A time that cannot be read is no reason to miss the change: it is at most as late as the feed.
    at: zonedInstant(date, ZONE) ?? built,
    title: textOf(child(item, "description")) ?? "",
  };
}

const KINDS: Readonly<Record<string, Change["kind"]>> = {
  NEW_DATASET: "new",
  UPDATED_DATASET_DATA: "data",
  UPDATED_DATASET_STRUCTURE: "structure",
  UPDATED_DATASET_STRUCTURE_DATA: "data and structure",
  DELETED_DATASET: "deleted",
};

function kindOf(title: string): Change["kind"] {
  if (/delet/i.test(title)) return "deleted";
  if (/structure and data/i.test(title)) return "data and structure";
  if (/updated structure/i.test(title)) return "structure";
  return /\bnew\b/i.test(title) ? "new" : "data";
}
