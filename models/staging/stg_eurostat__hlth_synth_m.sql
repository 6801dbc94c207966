{{ config(enabled=target.name == 'sample') }}
-- Monthly deaths; a dataset of the synthetic sample, built for that target alone.
select
    geo, sex, age,
    time_period,
    period_start as month,
    cast(value as integer) as deaths,
    status as flags,
    {{ has_flag('status', 'p') }} as is_provisional,
    _vintage
from {{ source('eurostat', 'hlth_synth_m') }}
where frequency = 'M'
