{{ config(enabled=target.name == 'sample') }}
-- Median waiting times by quarter; a dataset of the synthetic sample, built for that target alone.
select
    geo,
    icha_proc as procedure,
    time_period,
    period_start as quarter_start,
    period_end as quarter_end,
    value as median_days,
    status as flags,
    _vintage
from {{ source('eurostat', 'hlth_synth_q') }}
where frequency = 'Q'
