{{ config(
    enabled=target.name == 'sample',
    materialized='incremental',
    incremental_strategy='microbatch',
    event_time='month',
    begin='2020-01-01',
    batch_size='year',
    lookback=2,
) }}
-- Deaths by month. Figures are revised for two years and then stay: older years are built once, and read no more.
select geo, sex, age, month, deaths, flags, is_provisional, _vintage
from {{ ref('stg_eurostat__hlth_synth_m') }}
where deaths is not null
