-- How far first figures can be trusted: how many were revised later, and by how much.
with figures as (
    select
        observation_key, geo, cast(extract(year from period_start) as integer) as year, percentage,
        row_number() over (partition by observation_key order by dbt_valid_from desc) as nth_last,
        first_value(percentage) over (partition by observation_key order by dbt_valid_from) as first_percentage
    from {{ ref('unmet_need_history') }}
)

select
    geo,
    year,
    count(*) as figures,
    count(*) filter (where percentage is distinct from first_percentage) as revised_figures,
    {{ round_to('avg(abs(percentage - first_percentage))', 3) }} as mean_revision
from figures
where nth_last = 1
group by geo, year
