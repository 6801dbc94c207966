import type { IndexNode } from "../../../data/frame-types.ts";
import type { Kind, Status } from "../../../data/types.ts";

export type ColourBy = "kind" | "health";
export type Colours = {
  readonly ground: string;
  readonly card: string;
  readonly raised: string;
  readonly text: string;
  readonly quiet: string;
  readonly rule: string;
  readonly line: string;
  readonly accent: string;
  of(node: IndexNode, by: ColourBy): string;
  readonly status: Readonly<Record<Status, string>>;
};

const KINDS: readonly Kind[] = [
  "source",
  "seed",
  "snapshot",
  "staging",
  "intermediate",
  "mart",
  "model",
  "exposure",
  "test",
];
const STATUSES: readonly Status[] = ["good", "warn", "bad", "none"];

/** The colours of the style sheet as a canvas takes them: of the theme that is on now. */
export function readColours(within: HTMLElement): Colours {
  const probe = document.createElement("span");
  within.append(probe);
  const colour = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, colour(kind)]));
  const statuses = Object.fromEntries(STATUSES.map((status) => [status, colour(status)]));
  const status = { ...statuses, skipped: statuses["none"] } as Record<Status, string>;
  const [ground, card, raised, text, quiet, rule, line, accent] = [
    "ground",
    "card",
    "raised",
    "text",
    "quiet",
    "rule",
    "line",
    "accent",
  ].map(colour) as [string, string, string, string, string, string, string, string];
  probe.remove();
  return {
    ground,
    card,
    raised,
    text,
    quiet,
    rule,
    line,
    accent,
    status,
    of: (node, by) => (by === "kind" ? kinds[node.kind]! : status[node.status]),
  };
}
