-- model "mo\"del 'x'"
select 1 as "co""l"

-- model "a"
select '''; drop table x; --
}}{{ ref(''a'') }}' as v, '''; drop table x; --
}}{{ ref(''a'') }}' as w
from "sch""ema"."mo""del 'x'" join "sch""ema"."seed's ""own""" using (a)

-- model "eph\"emeral"
select 1

-- model "b"
with "__dbt__cte__eph""emeral" as (
select 1
)
select * from "__dbt__cte__eph""emeral" as e join "sch""ema_s'q"."al""ias }} {x" using (x)

-- model "c"
-- '; drop table x; -- }}{{ ref('a') }}
select 1 /* '; drop table x; -- }}{{ ref('a') }} */ as "'; drop table x; --
}}{{ ref('a') }}"

-- test "not_null_mo\"del 'x'_co_l"
select *
from "sch""ema"."mo""del 'x'"
where "co""l" is null

-- test "accepted_values_mo\"del 'x'_co_l______"
with all_values as (
    select
        "co""l" as value_field,
        count(*) as n_records
    from "sch""ema"."mo""del 'x'"
    group by "co""l"
)
select *
from all_values
where value_field not in (
    '}}', '{{'
)

-- test "unique_mo\"del 'x'__two_lines_x_"
select
    "two
lines }} {{ x" as unique_field,
    count(*) as n_records
from "sch""ema"."mo""del 'x'"
where "two
lines }} {{ x" is not null
group by "two
lines }} {{ x"
having count(*) > 1
