-- model "a"
select * from "raw_data"."orders" join "raw_data"."People V2" using (id)

-- model "b"
-- a comment stays, it's in it too
select '2010-01-01' as quoted, '2010-01-01' as literal, (2010, 2011) as list,
  'it''s' as inside, 3 as fallback, 'x' as env
from "main_sales"."Orders", "main"."codes", "archive"."other"."t"

-- model "c"
select "main"."c", "main", "c", 'dev', "main", 4, '2025-01-01T00:00:00.000Z', '00000000-0000-0000-0000-000000000000'
where first
