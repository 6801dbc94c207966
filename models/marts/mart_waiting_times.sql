{{ config(enabled=target.name == 'sample') }}
-- Median waiting time for planned surgery by quarter, with the change on the same quarter a year before.
select
    waits.geo,
    dim_geo.geo_name,
    waits.procedure,
    waits.quarter_start,
    waits.median_days,
    waits.median_days - before.median_days as change_on_year,
    waits.flags
from {{ ref('stg_eurostat__hlth_synth_q') }} as waits
left join {{ ref('dim_geo') }} as dim_geo on dim_geo.geo = waits.geo
left join {{ ref('stg_eurostat__hlth_synth_q') }} as before
    on before.geo = waits.geo
    and before.procedure = waits.procedure
    and before.quarter_start = waits.quarter_start - interval '1 year'
where waits.median_days is not null
