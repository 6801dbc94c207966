-- Age classes with their bounds: Y16-24 is 16 to 24, Y_GE65 is 65 and over.
select
    code as age,
    label as age_name,
    position as sort_order,
    cast(coalesce(nullif(regexp_extract(code, '^Y(\d+)-\d+$', 1), ''), nullif(regexp_extract(code, '^Y_GE(\d+)$', 1), '')) as integer) as age_from,
    cast(nullif(regexp_extract(code, '^Y\d+-(\d+)$', 1), '') as integer) as age_to
from {{ labels('hlth_silc_13', 'age') }}
