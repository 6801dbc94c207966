import type { Row } from "./editions.ts";

/** Rows whose every value tells the edition: of a whole edition, `value - position` is `n` in each row. */
export const manyRows = (n: number, count = 20_000): Row[] =>
  Array.from({ length: count + n }, (_, i) => ({
    geo: `G${i % 500}`,
    item: `I${Math.floor(i / 500)}`,
    time_period: String(2000 + (i % 20)),
    position: String(i),
    value: i + n,
  }));

/** The edition that a table holds, `mixed` where it holds parts of two. Aliases are for reading on. */
export const editionHeld = (table: string): string => `
  select case when count(*) = 0 then 'none'
    when min(value - position::int) = max(value - position::int) and count(*) = max(position::int) + 1
      then (min(value - position::int))::int::text
    else 'mixed' end as edition, count(*)::int as rows from ${table}`;
