import type { SiteFrame } from "../../data/frame-types.ts";

/** A page: its script is `pages/<module>.js`, made from `pages/<module>/page.tsx`, which exports `Page`. */
export type PageEntry = {
  /** The first word of the address; empty for the first page. */
  readonly route: string;
  readonly module: string;
  /** As the navigation has it; null for pages that are reached from others. */
  readonly label: string | null;
  /** The page has styles of its own, `pages/<module>.css`. */
  readonly styles?: true;
  /** Takes the whole window: no margins, nothing below. */
  readonly wide?: true;
  /** The document that it runs in, where that is another than the first: what a page may do is said for a document. */
  readonly document?: string;
  /** Shown only where the site has this data. */
  readonly needs?: SiteFrame["has"][number];
};

export const pages: readonly PageEntry[] = [
  { route: "", module: "home", label: "Home", styles: true },
  { route: "nodes", module: "nodes", label: "Tables" },
  { route: "lineage", module: "lineage", label: "Lineage", styles: true, wide: true },
  { route: "runs", module: "runs", label: "Runs", styles: true, needs: "runs" },
  { route: "catalogue", module: "catalogue", label: "Catalogue", needs: "catalogue" },
  {
    route: "explore",
    module: "explore",
    label: "Explore",
    styles: true,
    document: "explore.html",
    needs: "explore",
  },
  { route: "node", module: "node", label: null, styles: true },
];
