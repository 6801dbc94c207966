import type { GenericTest, TestNode, TestScan } from "../graph/types.ts";

/** A generic test in SQL, apart from the query that finds what is wrong: what it looks at, and by what expressions. */
export type TestedRows = {
  /** The relation as it stands in a `from`. */
  readonly relation: string;
  /** A condition on its rows; null: all of them. */
  readonly where: string | null;
  /** As {@link TestScan}, rendered; null: only its query tells. */
  readonly scan: TestScan | null;
};

export function testedRows(
  { config }: TestNode,
  { tested, scan }: GenericTest,
  render: (template: string) => string,
): TestedRows {
  return {
    relation: render(`{{ ${tested} }}`),
    where: config.where === null ? null : render(config.where),
    scan: scan && renderScan(scan, render),
  };
}

function renderScan(scan: TestScan, render: (template: string) => string): TestScan {
  switch (scan.kind) {
    case "rows":
      return { ...scan, fails: render(scan.fails) };
    case "whole":
      return { kind: "whole", measure: render(scan.measure), fails: render(scan.fails) };
    case "key":
      return { kind: "key", key: render(scan.key) };
  }
}
