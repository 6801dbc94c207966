import PQueue from "p-queue";
import type { Configured } from "./configured.ts";
import type { SyncContext } from "./context.ts";
import { syncDataset } from "./sync-dataset.ts";
import type { SyncResult } from "./sync-dataset.ts";

/** Datasets that are worked on at the same time; how many requests a host gets is its own limit. */
const AT_ONCE = 8;

/** Brings datasets up to date beside each other; the results are in the order that was asked for. What happens to one does not touch the others. */
export async function syncAll(
  items: readonly { readonly item: Configured; readonly reason: string }[],
  context: Omit<SyncContext, "oneAtATime">,
): Promise<SyncResult[]> {
  const datasets = new PQueue({ concurrency: AT_ONCE });
  const landings = new PQueue({ concurrency: 1 });
  const whole: SyncContext = { ...context, oneAtATime: (body) => landings.add(body) };
  return Promise.all(items.map(({ item, reason }) => datasets.add(() => syncDataset(item, reason, whole))));
}
