import type { Session } from "../../adapters/adapter.ts";
import type { Revision } from "../../docs/data/node-types.ts";
import type { SourceNode } from "../../graph/types.ts";
import type { OpenProject } from "../open-project.ts";

/** What of an observation may be revised; every other column that is no note of the landing is part of its key. */
const VALUES = ["value", "value_text", "status", "confidentiality"];
const DERIVED = ["period_start", "period_end", "frequency"];

/** How many observations one edition added, removed and changed against another; null where their dimensions differ. */
export async function compareEditions(
  { sources, dialect }: OpenProject,
  source: SourceNode,
  before: string,
  after: string,
  session: Session,
): Promise<Revision | null> {
  const [old, now] = [before, after].map((vintage) =>
    sources.relation(source, { vintage, part: "observations" }),
  );
  const keysOf = async (from: string): Promise<string[]> =>
    (await session.describe(`select * from ${from}`))
      .map(({ name }) => name)
      .filter((name) => !name.startsWith("_") && !VALUES.includes(name) && !DERIVED.includes(name));
  const keys = await keysOf(old!);
  if (keys.toSorted().join() !== (await keysOf(now!)).toSorted().join()) return null;
  const q = (name: string): string => dialect.quoteIdentifier(name);
  const list = [...keys, ...VALUES].map(q).join(", ");
  const same = VALUES.map((name) => `a.${q(name)} is not distinct from b.${q(name)}`).join(" and ");
  const on = keys.map((name) => `a.${q(name)} = b.${q(name)}`).join(" and ");
  const { rows } = await session.query(`select
  count(case when a.present is null then 1 end),
  count(case when b.present is null then 1 end),
  count(case when a.present = 1 and b.present = 1 and not (${same}) then 1 end)
from (select ${list}, 1 as present from ${old!} a) a
full join (select ${list}, 1 as present from ${now!} b) b on ${on}`);
  const [added, removed, changed] = rows[0]!.map(Number);
  return { added: added!, removed: removed!, changed: changed! };
}
