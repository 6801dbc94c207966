import type { ComponentChildren, VNode } from "preact";
import type { Loaded } from "./use-data.ts";

/** Something that is not there, said in a sentence, with what to do about it. */
export const Empty = ({ title, children }: { title: string; children?: ComponentChildren }): VNode => (
  <div class="empty">
    <strong>{title}</strong>
    {children ? <p>{children}</p> : null}
  </div>
);

/** Draws data when it is there; till then nothing jumps, and what fails says so. */
export function WithData<T>({ data, children }: { data: Loaded<T>; children: (value: T) => VNode }): VNode {
  if (data.error !== null) return <Empty title="This part of the site is missing">{data.error}</Empty>;
  if (data.value === undefined) return <div class="waiting" aria-busy="true" />;
  return children(data.value);
}
