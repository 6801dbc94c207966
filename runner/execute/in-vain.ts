import type { Session } from "../adapters/adapter.ts";

/** What `body` finds out in a transaction of which nothing stays. */
export async function inVain<T>(session: Session, body: () => Promise<T>): Promise<T> {
  const undo = new Error("undo");
  let found: { readonly value: T } | undefined;
  await session
    .transaction(async () => {
      found = { value: await body() };
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  return found!.value;
}
