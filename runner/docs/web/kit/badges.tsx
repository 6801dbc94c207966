import type { VNode } from "preact";
import type { Kind, NodeLink, Status } from "../../data/types.ts";
import { nodeLink } from "./route.ts";

const kindNames: Readonly<Record<Kind, string>> = {
  source: "Source",
  seed: "Seed",
  snapshot: "Snapshot",
  staging: "Staging",
  intermediate: "Intermediate",
  mart: "Mart",
  model: "Model",
  exposure: "Exposure",
  test: "Test",
};
const kindPlurals: Readonly<Record<Kind, string>> = {
  source: "sources",
  seed: "seeds",
  snapshot: "snapshots",
  staging: "staging models",
  intermediate: "intermediate models",
  mart: "marts",
  model: "models",
  exposure: "exposures",
  test: "tests",
};
/** `marts`, or `mart` for one. */
export const kindCount = (kind: Kind, count: number): string =>
  count === 1 ? kindPlurals[kind].replace(/s$/, "") : kindPlurals[kind];
export const kindName = (kind: Kind): string => kindNames[kind];

const statusNames: Readonly<Record<Status, string>> = {
  good: "Fine",
  warn: "Warning",
  bad: "Failing",
  skipped: "Skipped",
  none: "Not run",
};
export const statusName = (status: Status): string => statusNames[status];

/** A word in the colour of a kind. */
export const KindBadge = ({ kind }: { kind: Kind }): VNode => (
  <span class={`kind kind-${kind}`}>{kindNames[kind]}</span>
);

/** A word in the colour of a status; colour is never all that tells it. */
export const StatusBadge = ({ status, word }: { status: Status; word?: string }): VNode => (
  <span class={`status status-${status}`}>
    <StatusMark status={status} />
    {word || statusNames[status]}
  </span>
);

const marks: Readonly<Record<Status, string>> = {
  good: "M3.5 8.5l3 3 6-7",
  warn: "M8 3.5v5.5M8 12v.5",
  bad: "M4.5 4.5l7 7M11.5 4.5l-7 7",
  skipped: "M4 8h8",
  none: "M8 8h.01",
};
export const StatusMark = ({ status, label }: { status: Status; label?: string }): VNode => (
  <svg
    class={`mark mark-${status}`}
    viewBox="0 0 16 16"
    width="14"
    height="14"
    {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" })}
  >
    <path d={marks[status]} />
  </svg>
);

/** A node's name that leads to its page. */
export const NodeName = ({
  node,
}: {
  node: Pick<NodeLink, "id" | "name" | "kind"> & { readonly status?: Status };
}): VNode => (
  <a class={`node-name kind-${node.kind}`} href={nodeLink(node.id)}>
    <i class="dot" aria-hidden="true" />
    <span>{node.name}</span>
    {node.status === "bad" || node.status === "warn" ? (
      <StatusMark status={node.status} label={statusNames[node.status]} />
    ) : null}
  </a>
);
