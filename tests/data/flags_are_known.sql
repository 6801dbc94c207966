-- What is left of the flags when the letters of the code list are taken away.
select distinct flags, translate(flags, (select string_agg(flag, '') from {{ ref('observation_flags') }}), '') as unknown_letters
from {{ ref('stg_eurostat__hlth_silc_13') }}
where translate(flags, (select string_agg(flag, '') from {{ ref('observation_flags') }}), '') <> ''
