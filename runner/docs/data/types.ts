/**
 * What the generator writes and the pages read: the shapes of the data files, here those that several share, beside it in `*-types.ts` those
 * of one. Each file is one call of `statloom.data(name, json)`, so that it loads from disk too. Whatever is text here comes from users or
 * publishers, and is shown as text.
 */

/** Decides the colour: models by the folder they lie in. */
export type Kind =
  | "source"
  | "seed"
  | "snapshot"
  | "staging"
  | "intermediate"
  | "mart"
  | "model"
  | "exposure"
  | "test";

export type Status = "good" | "warn" | "bad" | "skipped" | "none";

/** Formatted text, parsed from Markdown when the site is made: no HTML is in it, and addresses are http, https, mailto or `#…`. */
export type Rich = readonly RichNode[];

export type RichNode =
  | string
  | {
      readonly tag: RichTag;
      readonly children: Rich;
      readonly href?: string;
    };

export type RichTag =
  | "p"
  | "h3"
  | "h4"
  | "h5"
  | "ul"
  | "ol"
  | "li"
  | "blockquote"
  | "pre"
  | "code"
  | "em"
  | "strong"
  | "del"
  | "a"
  | "hr"
  | "br"
  | "table"
  | "thead"
  | "tbody"
  | "tr"
  | "th"
  | "td";

/** What the last run, or the last look at a source's age, made of a node. */
export type Outcome = {
  readonly status: Status;
  /** The artifact's own word: `success`, `fail` … or empty. */
  readonly word: string;
  readonly message: string;
  readonly seconds: number | null;
  readonly rows: number | null;
};

/** A node as others mention it. */
export type NodeLink = {
  readonly id: string;
  readonly name: string;
  readonly kind: Kind;
  readonly status: Status;
};

/** `href`: where it leads, http, https or mailto. */
export type Fact = { readonly label: string; readonly text: string; readonly href?: string };

export type PastCheck = {
  readonly at: string;
  readonly status: Status;
  readonly failures: number | null;
  readonly seconds: number | null;
};

export type PastBuild = {
  readonly run: string;
  readonly at: string;
  readonly status: Status;
  readonly seconds: number | null;
  readonly rows: number | null;
};
