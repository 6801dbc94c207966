-- model "orders"
select 1 as id

-- test "singular"
select * from "main"."orders"

-- test "both"
select
    id || '-' || kind as unique_field,
    count(*) as n_records
from "main"."orders"
where id || '-' || kind is not null
group by id || '-' || kind
having count(*) > 1

-- test "unique_orders_id"
select
    "id" as unique_field,
    count(*) as n_records
from "main"."orders"
where "id" is not null
group by "id"
having count(*) > 1

-- test "not_null_orders_id"
select *
from "main"."orders"
where "id" is null

-- test "accepted_values_orders_kind__it_s__say_x___a_b___c___two_lines__back_slash"
with all_values as (
    select
        "kind" as value_field,
        count(*) as n_records
    from "main"."orders"
    group by "kind"
)
select *
from all_values
where value_field not in (
    'it''s', 'say "x"', 'a }} b', '{{ c }}', 'two
lines', 'back\slash'
)

-- test "numbers"
with all_values as (
    select
        "kind" as value_field,
        count(*) as n_records
    from "main"."orders"
    group by "kind"
)
select *
from all_values
where value_field not in (
    1, 2.5, -3
)

-- test "not_null_orders_kind"
select *
from (select * from "main"."orders" where id > 3 -- newest
) as dbt_subquery
where "kind" is null

-- test "old_ones"
select
    "kind" as unique_field,
    count(*) as n_records
from (select * from "main"."orders" where day < '2025-01-01'
) as dbt_subquery
where "kind" is not null
group by "kind"
having count(*) > 1

-- test "relationships_orders_kind__kind__ref_kinds_"
with parent as (
    select "kind" as to_field
    from "main"."kinds"
)
select *
from "main"."orders"
where "kind" is not null
  and "kind" not in (select to_field from parent where to_field is not null)

-- test "of_source"
with parent as (
    select "kind" as to_field
    from "raw"."orders"
)
select *
from "main"."orders"
where "kind" is not null
  and "kind" not in (select to_field from parent where to_field is not null)

-- test "source_not_null_raw_orders_id"
select *
from "raw"."orders"
where "id" is null
