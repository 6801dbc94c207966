{{ config(materialized=target.type == 'duckdb' and 'external' or 'table') }}
-- With DuckDB a Parquet file beside the warehouse, for whoever has no DuckDB, and a view of it in the warehouse.
-- Unmet need for medical examination by country, sex and age over time, with the change on the year before.
with observed as (
    select geo, sex, age, year, percentage, flags, is_break_in_series, is_low_reliability
    from {{ ref('fct_unmet_need') }}
    where unit = 'PC'
      and labour_status = 'POP'
      and reason = {{ var('unmet_need_reason') }}
      and percentage is not null
)

select
    observed.geo,
    dim_geo.geo_name,
    dim_geo.is_aggregate,
    observed.sex,
    observed.age,
    dim_age.age_name,
    observed.year,
    observed.percentage,
    before.percentage as percentage_year_before,
    {{ round_to('observed.percentage - before.percentage', 2) }} as change_on_year,
    observed.flags,
    observed.is_low_reliability,
    -- A change across a break is not a change in need.
    observed.is_break_in_series and before.percentage is not null as is_change_across_break
from observed
join {{ ref('dim_geo') }} as dim_geo on dim_geo.geo = observed.geo
join {{ ref('dim_age') }} as dim_age on dim_age.age = observed.age
left join observed as before
    on before.geo = observed.geo
    and before.sex = observed.sex
    and before.age = observed.age
    and before.year = observed.year - 1
