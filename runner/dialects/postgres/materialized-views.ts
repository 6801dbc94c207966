import type { MaterializedSpelling } from "../dialect.ts";
import { enclose, quoteIdentifier, quoteRelation } from "../standard.ts";
import { idOf } from "./names.ts";

export const materializedViews: MaterializedSpelling = {
  create: (target, query) => `create materialized view ${quoteRelation(target)} as ${enclose(query)}`,
  refresh: (target, concurrently) =>
    `refresh materialized view ${concurrently ? "concurrently " : ""}${quoteRelation(target)}`,
  createProbe: ({ identifier }, query) =>
    `create temporary view ${quoteIdentifier(identifier)} as ${enclose(query)}`,
  // The server writes both in its own words, every `*` as the columns that it means now.
  isMadeOf: (target, probe) => `select pg_get_viewdef(${idOf(target)}) = pg_get_viewdef(${idOf(probe)})`,
  indexes: (target) => `
select c.relname, (select json_agg(a.attname order by k.at) from unnest(i.indkey::smallint[]) with ordinality k(number, at)
    join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number)::text,
  i.indisunique, m.amname, i.indisunique and i.indisvalid and i.indimmediate and v.relispopulated
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indexrelid
join pg_catalog.pg_am m on m.oid = c.relam
join pg_catalog.pg_class v on v.oid = i.indrelid
where i.indrelid = ${idOf(target)} and i.indpred is null and i.indexprs is null and i.indnatts = i.indnkeyatts
order by 1`,
  dropIndex: (schema, name) => `drop index ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`,
};
