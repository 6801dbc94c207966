-- model "it is a name"
select 4 as id

-- model "one"
select 1 as id

-- model "two"
with "__dbt__cte__one" as (
select 1 as id
), inner_one as (select * from "__dbt__cte__one")
select * from inner_one -- the end

-- model "three"
with "__dbt__cte__one" as (
select 1 as id
), "__dbt__cte__two" as (
with inner_one as (select * from "__dbt__cte__one")
select * from inner_one -- the end
)
select * from "__dbt__cte__two" union all select * from "__dbt__cte__one"

-- model "plain"
with "__dbt__cte__one" as (
select 1 as id
), "__dbt__cte__two" as (
with inner_one as (select * from "__dbt__cte__one")
select * from inner_one -- the end
), "__dbt__cte__three" as (
select * from "__dbt__cte__two" union all select * from "__dbt__cte__one"
)
select * from "__dbt__cte__three"

-- model "none"
select * from "main"."plain"

-- model "with_own"
WITH "__dbt__cte__one" as (
select 1 as id
), "__dbt__cte__two" as (
with inner_one as (select * from "__dbt__cte__one")
select * from inner_one -- the end
), own as (select * from "__dbt__cte__two") select * from own

-- model "with_quoted"
with "__dbt__cte__one" as (
select 1 as id
),"own" as (select * from "__dbt__cte__one") select * from "own"

-- model "with_recursive"
-- counts
/* with care */ with /* ! */ recursive "__dbt__cte__one" as (
select 1 as id
), n as (select id from "__dbt__cte__one" union all select id + 1 from n where id < 3) select * from n

-- model "withdrawals"
with "__dbt__cte__it is a name" as (
select 4 as id
)
(with own as (select 1) select * from own, "__dbt__cte__it is a name" as it)

-- model "within"
with "__dbt__cte__one" as (
select 1 as id
)
select withdrawn from "__dbt__cte__one"

-- test "t"
with "__dbt__cte__one" as (
select 1 as id
), "__dbt__cte__two" as (
with inner_one as (select * from "__dbt__cte__one")
select * from inner_one -- the end
)
select * from "__dbt__cte__two"

-- test "unique_three_id"
with "__dbt__cte__one" as (
select 1 as id
), "__dbt__cte__two" as (
with inner_one as (select * from "__dbt__cte__one")
select * from inner_one -- the end
), "__dbt__cte__three" as (
select * from "__dbt__cte__two" union all select * from "__dbt__cte__one"
)
select
    "id" as unique_field,
    count(*) as n_records
from "__dbt__cte__three"
where "id" is not null
group by "id"
having count(*) > 1

-- test "relationships_three_id__id__ref_one_"
with "__dbt__cte__one" as (
select 1 as id
), "__dbt__cte__two" as (
with inner_one as (select * from "__dbt__cte__one")
select * from inner_one -- the end
), "__dbt__cte__three" as (
select * from "__dbt__cte__two" union all select * from "__dbt__cte__one"
), parent as (
    select "id" as to_field
    from "__dbt__cte__one"
)
select *
from "__dbt__cte__three"
where "id" is not null
  and "id" not in (select to_field from parent where to_field is not null)
