{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by='_vintage',
    on_schema_change='append_new_columns',
) }}
-- Every edition that ever landed, kept: "what did we know on that day" is a filter on _vintage.
select
    _vintage,
    cast(substr(_vintage, 1, 10) || ' ' || substr(_vintage, 12, 2) || ':' || substr(_vintage, 14, 2) || ':' || substr(_vintage, 16, 2) as timestamp) as published_at,
    {{ surrogate_key(['unit', 'wstatus', 'age', 'sex', 'reason', 'geo', 'time_period']) }} as observation_key,
    geo, sex, age, wstatus as labour_status, reason, unit, period_start,
    value as percentage,
    status as flags
from {{ source('eurostat', 'hlth_silc_13', vintage='all') }}
{{#is_incremental}}
where _vintage not in (select distinct _vintage from {{ this }})
{{/is_incremental}}
