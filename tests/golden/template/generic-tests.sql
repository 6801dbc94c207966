{{ test_unique(ref('a'), 'geo') }};
select
    "geo" as unique_field,
    count(*) as n_records
from "main"."a"
where "geo" is not null
group by "geo"
having count(*) > 1

{{ test_accepted_values(ref('a'), column_name='lower(sex)', values=['F', "it's"]) }};
with all_values as (
    select
        lower(sex) as value_field,
        count(*) as n_records
    from "main"."a"
    group by lower(sex)
)
select *
from all_values
where value_field not in (
    'F', 'it''s'
)

# vars: {"v": [1, 2]}
{{ test_accepted_values(ref('a'), 'n', values=var('v'), quote=false) }};
with all_values as (
    select
        "n" as value_field,
        count(*) as n_records
    from "main"."a"
    group by "n"
)
select *
from all_values
where value_field not in (
    1, 2
)

{{ test_relationships(ref('a'), 'geo', to=ref('b'), field='code') }};
with parent as (
    select "code" as to_field
    from "main"."b"
)
select *
from "main"."a"
where "geo" is not null
  and "geo" not in (select to_field from parent where to_field is not null)
