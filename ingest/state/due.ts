import type { DatasetState } from "./dataset-state.ts";
import { updateDatasetState } from "./dataset-state.ts";

export type DueMark = {
  readonly publisher: string;
  readonly dataset: string;
  readonly reason: NonNullable<DatasetState["due"]>["reason"];
  /** It did change, as far as anybody can tell: it is fetched without asking whether. */
  readonly certain: boolean;
  /** When the publisher says it published, in UTC; null where nobody says. */
  readonly published: string | null;
};

/** Marks a dataset as due. What has been fetched since it was published, or is due for something newer, stays as it is: false then. */
export async function markDue(landing: string, mark: DueMark, now: string): Promise<boolean> {
  let marked = false;
  await updateDatasetState(landing, mark.publisher, mark.dataset, (state) => {
    const { published, reason, certain } = mark;
    if (published !== null && state.updated !== null && state.updated >= published) return state;
    if (
      state.due !== null &&
      (state.due.certain || !certain) &&
      (published ?? "") <= (state.due.published ?? "")
    )
      return state;
    marked = true;
    // What is announced anew may be well again: it gets all of its attempts.
    return { ...state, due: { reason, since: now, certain, published }, failures: 0, failure: null };
  });
  return marked;
}

/** Whether a dataset is to be fetched by itself now: it is due, or failed and waits no longer, and has not been given up. */
export function isDue({ due, failure }: DatasetState, now: string): boolean {
  if (due === null && failure === null) return false;
  if (failure === null) return true;
  return !failure.dead && failure.retry_at !== null && failure.retry_at <= now;
}
