-- One row an observation of the newest edition, with names that people use.
select
    {{ surrogate_key(['unit', 'wstatus', 'age', 'sex', 'reason', 'geo', 'time_period']) }} as observation_key,
    geo,
    sex,
    age,
    wstatus as labour_status,
    reason,
    unit,
    time_period,
    period_start,
    cast(extract(year from period_start) as integer) as year,
    value as percentage,
    status as flags,
    {{ has_flag('status', 'b') }} as is_break_in_series,
    {{ has_flag('status', 'u') }} as is_low_reliability,
    {{ has_flag('status', 'p') }} as is_provisional,
    coalesce(confidentiality = 'C', false) as is_confidential,
    _vintage,
    _extracted_at
from {{ source('eurostat', 'hlth_silc_13') }}
