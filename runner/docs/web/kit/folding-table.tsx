import type { ComponentChildren, VNode } from "preact";

type FoldingTableProps = {
  /** `number`: over numbers, which stand to the right. */
  readonly heads: readonly (string | { readonly number: string })[];
  readonly children: ComponentChildren;
};

/** A table whose rows are blocks of lines on a phone. */
export const FoldingTable = ({ heads, children }: FoldingTableProps): VNode => (
  <div class="scroller">
    <table class="folding">
      <thead>
        <tr>
          {heads.map((head) => {
            const [text, style] = typeof head === "string" ? [head] : [head.number, "number"];
            return (
              <th key={text} scope="col" class={style}>
                {text}
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
);
