-- Everything that the newest edition says: one row a combination of the dimensions and a year.
select
    observation_key, geo, sex, age, labour_status, reason, unit, year, period_start,
    percentage, flags, is_break_in_series, is_low_reliability, is_provisional, is_confidential,
    _vintage, _extracted_at
from {{ ref('stg_eurostat__hlth_silc_13') }}
where period_start >= {{ var('first_period') }}
