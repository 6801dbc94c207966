import * as z from "zod";
import { writeFileAtomic } from "../../runner/base/files.ts";
import { publisherFile } from "./paths.ts";
import { readStateFile } from "./read-json.ts";

const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/, "must be an instant in UTC");

/** How far the feed of a publisher has been read. */
const feedStateSchema = z.strictObject({
  version: z.literal(1),
  publisher: z.string(),
  /** When it was read to the end last. */
  read: instant,
  /** The newest item that has been dealt with. */
  watermark: instant,
  /** Guids that have been dealt with, and when they were published: items come again, and in no order. */
  seen: z.record(z.string(), instant),
});
export type FeedState = z.infer<typeof feedStateSchema>;

export const readFeedState = (landing: string, publisher: string): FeedState | undefined =>
  readStateFile(publisherFile(landing, publisher, "_feed.json"), feedStateSchema);

/** Written after everything that the items call for has been written: a kill in between repeats, and never loses. */
export function writeFeedState(landing: string, state: FeedState): void {
  writeFileAtomic(
    publisherFile(landing, state.publisher, "_feed.json"),
    `${JSON.stringify(state, null, 2)}\n`,
  );
}
