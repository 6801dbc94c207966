import Mustache from "mustache";
import { Recent } from "../base/recent.ts";
import type { Outline } from "./outline.ts";

/** What mustache says of an outline: what stands in which section, and which ends of runs vanish. */
export type Layout = readonly LayoutNode[];
export type LayoutNode = RunLayout | SectionLayout;
/** `head`, `tail`: whether the first line and what stands on the last stay. */
export type RunLayout = {
  readonly kind: "run";
  readonly run: number;
  readonly head: boolean;
  readonly tail: boolean;
};
export type SectionLayout = {
  readonly kind: "section";
  /** The number of the mark that opens it. */
  readonly mark: number;
  readonly children: Layout;
  readonly otherwise: Layout;
  /** The number of an `{{else}}` too many; null: there is none. */
  readonly tooMany: number | null;
};

/** Mustache keeps every template it has seen, we those that come again. */
const writer = Object.assign(new Mustache.Writer(), { templateCache: undefined });
const known = new Recent<Layout>(500);
/** Characters of an outline that is worth keeping: some forty sections. */
const longest = 500;

/** `isSound`: each mark of the file is one tag of the outline, so that the same outline says the same. */
export function layoutOf(lines: Outline, isSound: boolean): Layout {
  const { masked } = lines;
  const found = isSound ? known.get(masked) : undefined;
  if (found !== undefined) return found;
  const layout = new Reader(lines).layout(writer.parse(masked) as readonly MustacheToken[]);
  if (isSound && masked.length <= longest) known.set(masked, layout);
  return layout;
}

/** Kind, value, start and end in the outline; a section has its children after that. */
type MustacheToken = readonly [string, string, number, number, (readonly MustacheToken[])?, ...unknown[]];

class Reader {
  readonly #runs: readonly number[];
  /** The run that comes next; tokens come in the order of the file. */
  #run = 0;

  constructor({ runs }: Outline) {
    this.#runs = runs;
  }

  layout(tokens: readonly MustacheToken[]): Layout {
    const nodes: LayoutNode[] = [];
    for (const token of tokens) {
      if (token[0] === "text") nodes.push(this.#runOf(token[2], token[3]));
      else if (token[0] === "#") nodes.push(this.#section(Number(token[1]), token[4] ?? []));
    }
    return nodes;
  }

  #runOf(start: number, end: number): RunLayout {
    while (this.#runs[2 * this.#run + 1]! < end) this.#run++;
    const run = this.#run;
    return {
      kind: "run",
      run,
      head: start === this.#runs[2 * run],
      tail: end === this.#runs[2 * run + 1],
    };
  }

  #section(mark: number, tokens: readonly MustacheToken[]): SectionLayout {
    const elses = tokens.flatMap(([kind, value], index) => (kind === "!" && value !== "" ? [index] : []));
    const [first = tokens.length, second] = elses;
    return {
      kind: "section",
      mark,
      children: this.layout(tokens.slice(0, first)),
      otherwise: this.layout(tokens.slice(first + 1)),
      tooMany: second === undefined ? null : Number(tokens[second]![1]),
    };
  }
}
